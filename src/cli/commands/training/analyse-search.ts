import { join } from 'node:path';
import { DRAWING_HANDLES, requireFileHandles } from '../../../files/require-file-handles.js';
import { searchFigure } from '../../../plots/figures/search.js';
import { writeFigure } from '../../../plots/render/render.js';
import { readSearch } from '../../../runs/search-run.js';
import { analyseSearch } from '../../../search/analyse-search.js';
import { readFigureFlags } from '../../options/figure-options.js';
import { searchReport } from '../../text/training/search-report.js';
import type { SearchValues } from './search.js';

/** Analyses a search that was kept, draws its figure into its folder and prints the analysis. */
export async function analyseKeptSearch(folder: string, values: SearchValues): Promise<void> {
  requireFileHandles(DRAWING_HANDLES);
  const { formats, figure } = readFigureFlags(values);
  const { spec, rows, diverged, done, total } = await readSearch(folder);
  const fresh = values.fresh === undefined ? undefined : (await readSearch(values.fresh)).rows;
  const analysis = analyseSearch(rows, { fresh });
  const { resolution, data, recipe } = spec;
  const sentences = [
    ...(done < total ? [`${done} of ${total} networks are trained.`] : []),
    ...(diverged.length > 0 ? [`${diverged.length} networks diverged and are left out.`] : []),
  ];
  const caption =
    `${[...sentences, ''].join(' ')}${data.kind} at ${resolution} x ${resolution} pixels, ${data.trainImages} training and ` +
    `${data.testImages} test images, ${recipe.epochs} epochs.`;
  const drawn = await writeFigure(
    searchFigure(rows, analysis, { ...figure, caption }),
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

function withoutFunctions<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
