import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/images/decode-image.js';
import { fixture, imageNames, pillowPixels } from './fixtures.js';

describe('decodeImage', () => {
  it.each(imageNames)('reads %s as Pillow does', (name) => {
    const expected = pillowPixels(name);
    const { width, height, data } = decodeImage(fixture(name));
    expect([width, height]).toEqual([expected.width, expected.height]);
    expect(data.length).toBe(expected.data.length);
    const off = data.map((value, i) => Math.abs(value - expected.data[i]!));
    // JPEG decoders may differ in the last bits of the transform, and in how they enlarge halved colour planes
    const most = name.endsWith('.png') ? 0 : name === 'progressive.jpg' ? 12 : 3;
    expect(Math.max(...off)).toBeLessThanOrEqual(most);
    expect(off.reduce((sum, value) => sum + value, 0) / off.length).toBeLessThan(3);
  });

  it.each(['colour.png', 'colour.jpg', 'progressive.jpg'])('refuses %s where it is cut off', (name) => {
    const bytes = fixture(name);
    for (const share of [0.3, 0.6, 0.95]) {
      expect(() => decodeImage(bytes.subarray(0, Math.floor(bytes.length * share)))).toThrow('it is cut off');
    }
  });

  it('refuses a PNG whose checksum is wrong', () => {
    const bytes = Uint8Array.from(fixture('colour.png'));
    bytes[bytes.length - 20]! ^= 255;
    expect(() => decodeImage(bytes)).toThrow(Error);
  });

  it('goes by the content', () => {
    expect(() => decodeImage(new Uint8Array())).toThrow('it is empty');
    expect(() => decodeImage(new TextEncoder().encode('GIF89a'))).toThrow('it is neither PNG nor JPEG');
  });
});
