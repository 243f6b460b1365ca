import { writeFigure } from 'rankscope';
import { gallery } from './gallery';

/**
 * Draws the figures that the gallery has in a folder, from the data that lies there, and returns the paths of the
 * files: what an experiment calls last.
 */
export async function drawFolder(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const { figure, draw, formats } of gallery) {
    const [, inside, name] = /^(.*)\/([^/]+)$/.exec(`figures/${figure}`)!;
    if (inside !== folder || !draw) continue;
    paths.push(...(await writeFigure(await draw(folder), `${folder}/${name}`, formats)));
  }
  return paths;
}
