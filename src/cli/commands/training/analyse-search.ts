import { join } from 'node:path';
import { invalid } from '../../../errors.js';
import { DRAWING_HANDLES, requireFileHandles } from '../../../files/require-file-handles.js';
import { searchFigure } from '../../../plots/figures/search.js';
import { writeFigure } from '../../../plots/render/render.js';
import { readSearch, type KeptSearch } from '../../../runs/search-run.js';
import { missingNetworks, searchCaption } from '../../../report/run-captions.js';
import { analyseSearch } from '../../../search/analyse-search.js';
import { rungsOf } from '../../../search/halving.js';
import type { SearchDesign } from '../../../search/search-spec.js';
import { readFigureFlags } from '../../options/figure-options.js';
import { searchReport } from '../../text/training/search-report.js';
import type { SearchValues } from './search.js';

/** Analyses a search that was kept, draws its figure into its folder and prints the analysis. */
export async function analyseKeptSearch(folder: string, values: SearchValues): Promise<void> {
  requireFileHandles(DRAWING_HANDLES);
  const { formats, figure } = readFigureFlags(values);
  const kept = await readSearch(folder);
  const { rows, diverged, done, total } = kept;
  const again = values.fresh === undefined ? undefined : await readFresh(values.fresh, kept, folder);
  const analysis = analyseSearch(rows, { fresh: again?.rows, halved: rungsOf(kept.spec).length > 1 });
  const sentences = [
    ...missingNetworks(kept),
    ...(again && again.done < again.total
      ? [`${again.done} of ${again.total} networks with fresh seeds are trained.`]
      : []),
  ];
  const drawn = await writeFigure(
    searchFigure(rows, analysis, { caption: searchCaption(kept, sentences), ...figure }),
    join(folder, 'search'),
    formats,
  );
  const places = drawn.map((path) => `figure   ${path}\n`).join('');
  if (values.json) {
    process.stderr.write(places);
    process.stdout.write(
      `${JSON.stringify({ done, total, diverged: diverged.length, ...withoutFunctions(analysis) })}\n`,
    );
    return;
  }
  process.stdout.write(`${[...sentences, searchReport(analysis)].join('\n')}\n${places}`);
}

/** Reads the search that `--again` made of another one. @throws RangeError for any other search */
async function readFresh(folder: string, search: KeptSearch, from: string): Promise<KeptSearch> {
  const fresh = await readSearch(folder);
  const settings = ({ data: { sha256 }, spec: { resolution, data, recipe } }: KeptSearch) =>
    JSON.stringify([sha256, resolution, data, recipe]);
  const isOfSearch = ({ id, channels }: SearchDesign) =>
    search.spec.designs.some((own) => own.id === id && own.channels.join() === channels.join());
  const used = [...search.spec.seeds, ...(search.spec.repeats?.seeds ?? [])];
  if (
    settings(fresh) !== settings(search) ||
    !fresh.spec.designs.every(isOfSearch) ||
    fresh.spec.seeds.some((seed) => used.includes(seed))
  )
    throw invalid('fresh', folder, `the search that --again made of ${from}`);
  return fresh;
}

function withoutFunctions<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
