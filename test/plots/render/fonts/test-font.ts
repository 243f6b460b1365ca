import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInFaces } from '../../../../src/plots/render/fonts/built-in-fonts.js';
import { readTables, words16, writeTables } from '../../../../src/plots/render/fonts/font-tables.js';
import { subsetFont } from '../../../../src/plots/render/fonts/subset-font.js';
import { characterMap } from '../../../../src/plots/render/fonts/write-character-map.js';

/**
 * Writes a font into a new folder and returns the folder. Each character has the outline of `W`; no other font has the
 * name.
 */
export function testFont(characters: string, family = 'Test Sans'): string {
  const folder = mkdtempSync(join(tmpdir(), 'rankscope-font-'));
  const tables = readTables(subsetFont(builtInFaces()[0]!.font, ['W']));
  const codes = [...characters].map((character) => character.codePointAt(0)!).sort((a, b) => a - b);
  tables.set('cmap', characterMap(new Map(codes.map((code) => [code, 1]))));
  tables.set(
    'name',
    names([
      [1, family],
      [2, 'Regular'],
      [4, family],
      [6, family.replaceAll(' ', '')],
    ]),
  );
  writeFileSync(join(folder, 'test.ttf'), writeTables(tables));
  return folder;
}

function names(texts: readonly (readonly [number, string])[]): Uint8Array {
  const start = 6 + 12 * texts.length;
  const words = [0, texts.length, start];
  const letters: number[] = [];
  for (const [id, text] of texts) {
    words.push(3, 1, 0x409, id, 2 * text.length, 2 * letters.length);
    letters.push(...[...text].map((letter) => letter.charCodeAt(0)));
  }
  return words16([...words, ...letters]);
}

/** Returns what `work` returns with the fonts of these folders installed, and no others. */
export async function withFonts<T>(folders: readonly string[], work: () => T | Promise<T>): Promise<T> {
  const before = process.env['RANKSCOPE_FONTS'];
  process.env['RANKSCOPE_FONTS'] = folders.join(process.platform === 'win32' ? ';' : ':');
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env['RANKSCOPE_FONTS'];
    else process.env['RANKSCOPE_FONTS'] = before;
  }
}
