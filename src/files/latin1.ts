/**
 * Returns bytes as a text with one character each, U+0000 to U+00FF. `TextDecoder('latin1')` is not that: by its standard it
 * decodes windows-1252, as Node does from version 22 on.
 */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
