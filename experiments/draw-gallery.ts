/**
 * Draws every figure of the gallery again from the data beside it, where that is enough, and writes docs/gallery.md.
 * Nothing is measured.
 *
 *     npx tsx experiments/draw-gallery.ts [FOLDER...]     (or npx ts-node; folders below figures/, default: all)
 */
import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { drawFolder } from './draw-folder';
import { gallery } from './gallery';
import { galleryPage } from './gallery-page';

async function main(): Promise<void> {
  const asked = process.argv.slice(2).map((folder) => folder.replace(/^figures\/|\/$/g, ''));
  const folders = new Set(gallery.map(({ figure }) => figure.replace(/\/[^/]+$/, '')));
  for (const folder of asked.length > 0 ? asked : folders) {
    for (const path of await drawFolder(folder)) console.log(path);
  }
  const page = 'docs/gallery.md';
  await writeFile(
    page,
    await format(galleryPage(gallery), { ...(await resolveConfig(page)), parser: 'markdown' }),
  );
  console.log(page);
}

void main();
