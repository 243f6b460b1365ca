import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { writeFigure, type FigureFormat } from 'rankscope/figures';
import { gallery } from './gallery';

const usual: readonly FigureFormat[] = ['svg', 'png'];

/**
 * Draws an experiment's figures of the gallery from the data in a folder, into that folder. Returns the paths of the
 * files; every experiment calls it last.
 * @param name the experiment's folder in figures/, such as `table-1`, or one below it
 */
export async function drawFolder(name: string, folder = `figures/${name}`): Promise<string[]> {
  const paths: string[] = [];
  for (const { figure, draw, formats = usual } of gallery) {
    const [, inside, base] = /^(.*)\/([^/]+)$/.exec(figure)!;
    if (inside !== name || !draw) continue;
    const written = await writeFigure(await draw(folder), `${folder}/${base}`, formats, { data: 'beside' });
    for (const path of written) if (path.endsWith('.png')) await inPalette(path);
    paths.push(...written);
  }
  return paths;
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
