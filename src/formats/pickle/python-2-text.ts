import { latin1 } from '../../files/latin1.js';

const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, a: 7, b: 8, f: 12, v: 11 };

/** Returns the bytes of a text of Python 2 in protocol 0: quoted, with escapes such as `\x00` and `\n`. */
export function unescapeBytes(line: Uint8Array): Uint8Array {
  const quoted = latin1(line).replace(/^(['"])(.*)\1$/s, '$2');
  const plain = quoted.replace(/\\(x[\da-fA-F]{2}|[0-7]{1,3}|[\\'"abfnrtv])/g, (_, escape: string) => {
    if (escape.startsWith('x')) return String.fromCharCode(parseInt(escape.slice(1), 16));
    if (/^[0-7]/.test(escape)) return String.fromCharCode(parseInt(escape, 8) & 0xff);
    return String.fromCharCode(ESCAPES[escape] ?? escape.charCodeAt(0));
  });
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

/** Returns a text in protocol 0: Latin-1, with escapes such as `\u000a` (raw-unicode-escape). */
export function unescapeText(line: Uint8Array): string {
  return latin1(line).replace(
    /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))/g,
    (whole, short?: string, long?: string) => {
      const code = parseInt(short ?? long ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** Returns a text of Python 2, whose type is also that of bytes: the bytes where they are not UTF-8. */
export function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}
