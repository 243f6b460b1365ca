import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
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

/** A folder for the files of one test file, which is removed after it. */
export const folder = mkdtempSync(join(tmpdir(), 'rankscope-images-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Returns a folder with these files, whose names may have folders. */
export function folderOf(name: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  return path;
}
