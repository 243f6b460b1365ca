import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/images/decode-image.js';
import { fixture, imageNames, pillowPixels } from './fixtures.js';

describe('decodeImage', () => {
  it.each(imageNames)('reads %s as Pillow does', async (name) => {
    const expected = pillowPixels(name);
    const { width, height, data } = await decodeImage(fixture(name));
    expect([width, height]).toEqual([expected.width, expected.height]);
    expect(data.length).toBe(expected.data.length);
    const off = Array.from(data, (value, i) => Math.abs(value - expected.data[i]!));
    // JPEG decoders may differ in the last bit of the transform
    expect(Math.max(...off)).toBeLessThanOrEqual(/jpg|lossy/.test(name) ? 2 : 0);
  });

  it.each(['colour.png', 'interlaced.png', 'colour.jpg', 'progressive.jpg', 'cmyk.jpg', 'lossy.webp'])(
    'refuses %s where it is cut off',
    async (name) => {
      const bytes = fixture(name);
      for (const share of [0.3, 0.6, 0.8, 0.95]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        await expect(decodeImage(cut)).rejects.toThrow('it is cut off');
      }
    },
  );

  it('refuses what is corrupt', async () => {
    const png = changed('colour.png', -20, 255);
    await expect(decodeImage(png)).rejects.toThrow('it is corrupt');
    const webp = changed('clear.webp', 30, 255);
    await expect(decodeImage(webp)).rejects.toThrow('it is corrupt');
    // a marker in the middle of the data
    const jpeg = Uint8Array.from(fixture('colour.jpg'));
    jpeg.set([0xff, 0xda], jpeg.length - 60);
    await expect(decodeImage(jpeg)).rejects.toThrow('it is corrupt');
  });

  it('passes over an unknown version of JFIF and an unknown colour transform', async () => {
    const ycc = await decodeImage(fixture('colour.jpg'));
    const version = fixture('colour.jpg').indexOf('JFIF') + 5;
    expect(version).toBeGreaterThan(5);
    expect(await decodeImage(changed('colour.jpg', version, 1 ^ 2))).toEqual(ycc);
    const inks = await decodeImage(fixture('cmyk.jpg'));
    const transform = fixture('cmyk.jpg').indexOf('Adobe') + 11;
    const before = fixture('cmyk.jpg')[transform]!;
    expect(transform).toBeGreaterThan(11);
    const asYcck = await decodeImage(changed('cmyk.jpg', transform, before ^ 2));
    expect(await decodeImage(changed('cmyk.jpg', transform, before ^ 9))).toEqual(asYcck);
    expect(asYcck).not.toEqual(inks);
  });

  it('refuses an image of too many pixels before it is decoded', async () => {
    await expect(decodeImage(fixture('bomb.png'))).rejects.toThrow(
      'it has 30000 x 30000 pixels; at most 268,435,456 are decoded',
    );
  });

  it('refuses JPEGs of 12 bits and lossless ones', async () => {
    const frame = fixture('colour.jpg').indexOf(Uint8Array.of(0xff, 0xc0));
    await expect(decodeImage(changed('colour.jpg', frame + 4, 8 ^ 12))).rejects.toThrow(
      'it is a JPEG of 12 bits per channel',
    );
    await expect(decodeImage(changed('colour.jpg', frame + 1, 3))).rejects.toThrow('it is a lossless');
  });

  it('goes by the content', async () => {
    const refused: [string | Uint8Array, string][] = [
      ['', 'it is empty'],
      ['GIF89a', 'it is a GIF, not a PNG, JPEG or WebP'],
      ['version https://git-lfs.github.com/spec/v1', 'it is a Git LFS pointer'],
      ['<!DOCTYPE html>', 'it is an HTML page'],
      [Uint8Array.of(0x1f, 0x8b, 8), 'it is a gzip archive'],
      ['nothing known', 'it is not a PNG, JPEG or WebP'],
    ];
    for (const [content, reason] of refused)
      await expect(decodeImage(Buffer.from(content as string))).rejects.toThrow(reason);
  });
});

/** Returns a fixture with bits of one byte turned over; `at` counts from the end where it is negative. */
function changed(name: string, at: number, bits: number): Uint8Array {
  const bytes = Uint8Array.from(fixture(name));
  bytes[at < 0 ? bytes.length + at : at]! ^= bits;
  return bytes;
}
