import { readdir, readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import sharp from 'sharp';
import { writeFigure, type FigureFormat } from 'rankscope/figures';
import { gallery, type GalleryEntry } from './gallery';

const usual: readonly FigureFormat[] = ['svg', 'png'];

/**
 * Draws an experiment's figures of the gallery from the data in a folder, into that folder. Returns the paths of the
 * files; every experiment calls it last.
 * @param name the experiment's folder in figures/, such as `table-1`, or one below it
 */
export async function drawFolder(name: string, folder = `figures/${name}`): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of gallery) {
    const [, inside, base] = /^(.*)\/([^/]+)$/.exec(entry.figure)!;
    if (inside === name) paths.push(...(await drawEntry(entry, folder, base!)));
  }
  return paths;
}

/**
 * Draws one figure from the data in a folder, into that folder.
 * @throws Error if the figure's own table would replace the data it is drawn from; these are then kept
 */
export async function drawEntry(
  { draw, formats = usual }: Pick<GalleryEntry, 'draw' | 'formats'>,
  folder: string,
  base: string,
): Promise<string[]> {
  if (!draw) return [];
  const tables = (await readdir(folder).catch(() => [])).filter(
    (file) => file.startsWith(base) && file.endsWith('.csv'),
  );
  const before = await Promise.all(tables.map((file) => readFile(`${folder}/${file}`)));
  const figure = await draw(folder);
  const written = await writeFigure(figure, `${folder}/${base}`, formats, { data: 'beside' });
  const again = await draw(folder).catch(() => undefined);
  if (!isDeepStrictEqual(again?.data, figure.data)) {
    for (const [i, file] of tables.entries()) await writeFile(`${folder}/${file}`, before[i]!);
    throw new Error(
      `invalid name of a measured table in ${folder}: ${tables.join(', ')} ` +
        `(allowed: none of the figure's own, which are ${base}.csv or ${base}-NAME.csv)`,
    );
  }
  for (const path of written) if (path.endsWith('.png')) await inPalette(path);
  return written;
}

/** Writes a PNG again with at most 256 colours, which halves it: the repository keeps dozens of them. */
async function inPalette(path: string): Promise<void> {
  const image = sharp(await readFile(path)).png({
    palette: true,
    colours: 256,
    effort: 10,
    compressionLevel: 9,
    dither: 0,
  });
  await writeFile(path, await image.toBuffer());
}
