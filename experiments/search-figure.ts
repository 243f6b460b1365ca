import { readTable } from 'rankscope';
import { searchFigure, type Figure } from 'rankscope/figures';
import { analyseSearch, type SearchRow } from 'rankscope/networks';
import type { KeptNetwork } from './kept-searches';
import { trainingCaption } from './training-caption';

/** Returns the figure of the search that is kept in the folder, with the caption of its size. */
export async function keptSearchFigure(folder: string): Promise<Figure> {
  const kept = await readTable<KeptNetwork>(`${folder}/networks.csv`);
  const rows = kept.filter(({ search }) => search === 'first') as unknown as SearchRow[];
  return searchFigure(rows, analyseSearch(rows), {
    title: 'Designs of one budget: accuracy and shape',
    caption: `${await trainingCaption(folder)}.`,
  });
}
