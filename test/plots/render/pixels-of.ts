import { inflateSync } from 'node:zlib';

/** Returns the bytes of the pixels, red, green and blue, of a PNG without filters, as figures are written. */
export function pixelsOf(png: Buffer): Uint8Array {
  let [width, height] = [0, 0];
  const data: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const [length, type] = [png.readUInt32BE(at), png.toString('latin1', at + 4, at + 8)];
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
    if (type === 'IDAT') data.push(body);
    at += 12 + length;
  }
  const lines = inflateSync(Buffer.concat(data));
  const row = 1 + 3 * width;
  return Buffer.concat(Array.from({ length: height }, (_, y) => lines.subarray(y * row + 1, (y + 1) * row)));
}
