import { nearNames } from './near.js';

/**
 * Errors about input have one form: `<invalid|unknown|missing> <thing>: <value>`, followed by the allowed values.
 * `RangeError` for a value out of range, `TypeError` for a value of the wrong kind.
 */

/** Returns the error for a value that is out of range or malformed; `allowed` describes the allowed values. */
export function invalid(thing: string, value: unknown, allowed: string): RangeError {
  return new RangeError(plain(`invalid ${shortened(thing)}: ${show(value)} (allowed: ${allowed})`));
}

/** Returns the error for a value of the wrong kind; `allowed` describes the allowed kinds. */
export function wrongKind(thing: string, value: unknown, allowed: string): TypeError {
  return new TypeError(invalid(thing, value, allowed).message);
}

/**
 * Returns the error for a name outside a closed set, with the names that resemble it and the set.
 * @param near the names that resemble it; given when `names` holds forms such as `relative:R`
 */
export function unknown(
  thing: string,
  value: unknown,
  allowed: Iterable<string>,
  near: readonly string[] = typeof value === 'string' ? nearNames(value, allowed) : [],
): RangeError {
  const names = [...allowed];
  const hint = near.length > 0 ? `near: ${near.join(', ')}; ` : '';
  const among = `${hint}allowed: ${names.join(', ')}`;
  return new RangeError(plain(`unknown ${shortened(thing)}: ${show(value)} (${among})`));
}

/** Returns the error for something that is missing; `remedy` says how to supply it. */
export function missing(thing: string, value: unknown, remedy: string): RangeError {
  return new RangeError(plain(`missing ${shortened(thing)}: ${show(value)} (${remedy})`));
}

/** Returns the message of a thrown value, which need not be an Error. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Maximum number of characters shown of a value; a longer one is shortened in the middle. */
const SHOWN = 400;

function show(value: unknown): string {
  return printable(shortened(textOf(value)));
}

/** Returns text on one line, with control characters escaped. */
export function printable(text: string): string {
  return plain(text).replaceAll('\n', '\\n');
}

/** Returns text without control characters except line feeds: a name from a file must not control the terminal. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return escapes[character] ?? `\\u${code}`;
  });
}

const escapes: Readonly<Record<string, string>> = {
  '\n': '\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

function textOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? "''" : value;
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  try {
    const part = Array.isArray(value) ? value.slice(0, SHOWN) : value;
    return JSON.stringify(part, (_, item: unknown) => (isPlain(item) ? item : String(item)));
  } catch {
    // it contains itself, or is nested too deeply for the stack
    return Array.isArray(value) ? 'a list that JSON cannot hold' : 'an object that JSON cannot hold';
  }
}

/** True if JSON can represent the item: it turns NaN into null and throws for big integers. */
function isPlain(item: unknown): boolean {
  return typeof item === 'number' ? Number.isFinite(item) : typeof item !== 'bigint';
}

function shortened(text: string): string {
  const { length } = text;
  if (length <= SHOWN) return text;
  return `${text.slice(0, (SHOWN * 3) / 4)} ... ${text.slice(-SHOWN / 4)} (${length} characters)`;
}
