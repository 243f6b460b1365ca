import { crc32, deflateSync } from 'node:zlib';

/** An opaque image: four bytes per pixel, of which the last is ignored. */
export interface RgbaPixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/**
 * Returns an opaque image as PNG (ISO/IEC 15948), without transparency and without filters. Figures are made of areas
 * of one colour, which are smaller so than with the filters that suit photographs.
 */
export function encodePng({ width, height, rgba }: RgbaPixels): Buffer {
  const row = 1 + 3 * width;
  const lines = Buffer.alloc(row * height); // each line begins with its filter: 0, none
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [from, to] = [4 * (y * width + x), y * row + 1 + 3 * x];
      lines[to] = rgba[from]!;
      lines[to + 1] = rgba[from + 1]!;
      lines[to + 2] = rgba[from + 2]!;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits, RGB, deflate, the filters above, not interlaced
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const body = deflateSync(lines, { level: 9, memLevel: 9 });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', body),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
