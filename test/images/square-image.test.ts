import { describe, expect, it } from 'vitest';
import { squareImage } from '../../src/images/square-image.js';
import { pillowPixels, pillowSquares } from './fixtures.js';

describe('squareImage', () => {
  const colour = pillowPixels('colour.png');

  it.each(Object.keys(pillowSquares))(
    "makes the middle square at %s what Pillow's resampling makes it",
    (size) => {
      const expected = pillowSquares[size]!;
      const square = squareImage(colour, Number(size));
      expect(square.length).toBe(expected.length);
      const off = expected.map((value, i) => Math.abs(square[i]! - value));
      expect(Math.max(...off)).toBeLessThan(2e-4); // the fixture has four decimals
    },
  );

  it('takes the middle of an upright image too', () => {
    const data = Uint8Array.from({ length: 2 * 5 * 3 }, (_, i) => Math.floor(i / 6));
    expect([...squareImage({ width: 2, height: 5, data }, 2)]).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
  });
});
