import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pixels } from '../../src/images/pixels.js';

export const fixtures = join(__dirname, 'fixtures');

/** What fixtures/make_images.py wrote. */
const { decoded, square } = JSON.parse(readFileSync(join(fixtures, 'images.json'), 'utf8')) as {
  decoded: Readonly<Record<string, { width: number; height: number; data: number[] }>>;
  square: Readonly<Record<string, number[]>>;
};

export const pillowPixels = (name: string): Pixels => {
  const { width, height, data } = decoded[name]!;
  return { width, height, data: Uint8Array.from(data) };
};
export const imageNames = Object.keys(decoded);
export { square as pillowSquares };
export const fixture = (name: string) => readFileSync(join(fixtures, name));
