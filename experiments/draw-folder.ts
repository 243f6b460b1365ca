import { writeFigure, type FigureFormat } from 'rankscope/figures';
import { gallery } from './gallery';

const usual: readonly FigureFormat[] = ['svg', 'png'];

/**
 * Draws the figures that the gallery has of an experiment from the data in a folder, into that folder, and returns the
 * paths of the files: what an experiment calls last.
 * @param name the experiment's folder in figures/, such as `table-1`, or one below it
 */
export async function drawFolder(name: string, folder = `figures/${name}`): Promise<string[]> {
  const paths: string[] = [];
  for (const { figure, draw, formats = usual } of gallery) {
    const [, inside, base] = /^(.*)\/([^/]+)$/.exec(figure)!;
    if (inside !== name || !draw) continue;
    paths.push(...(await writeFigure(await draw(folder), `${folder}/${base}`, formats, { data: 'beside' })));
  }
  return paths;
}
