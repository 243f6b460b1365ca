import { readTable } from 'rankscope';
import { searchFigure, type Figure } from 'rankscope/figures';
import { analyseSearch, type SearchRow } from 'rankscope/networks';
import type { KeptNetwork } from './kept-searches';

/** Returns the figure of the search that is kept in the folder, with the caption of its size. */
export async function keptSearchFigure(folder: string): Promise<Figure> {
  const kept = await readTable<KeptNetwork>(`${folder}/networks.csv`);
  const rows = kept.filter(({ search }) => search === 'first') as unknown as SearchRow[];
  return searchFigure(rows, analyseSearch(rows), {
    title: 'Designs of one budget: accuracy and shape',
    caption: 'CIFAR-10, 10,000 training and 2,000 test images at 16 x 16 pixels, 5 epochs.',
  });
}
