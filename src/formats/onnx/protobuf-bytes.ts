import { joinBytes } from '../../files/join-bytes.js';

/** Returns a field of bytes, text or a message: its tag, its length, the bytes. */
export function bytesField(number: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return joinBytes([varint(8 * number + 2), varint(bytes.length), bytes]);
}

/** Returns a field of a whole number >= 0. */
export function integerField(number: number, value: number): Uint8Array {
  return joinBytes([varint(8 * number), varint(value)]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}
