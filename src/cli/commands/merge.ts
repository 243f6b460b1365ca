import { invalid } from '../../errors.js';
import { DRAWING_HANDLES, requireFileHandles } from '../../files/require-file-handles.js';
import type { FormatName } from '../../formats/model-file.js';
import { drawKeptRun } from '../../report/draw-kept-run.js';
import { isOverlaid } from '../../report/draw-run.js';
import { comparisonRun } from '../../runs/comparison-run.js';
import { mergeRuns } from '../../runs/merge-runs.js';
import { readWeightsRun } from '../../runs/read-weights-run.js';
import { mergeSearch } from '../../runs/search-run.js';
import { weightsRun } from '../../runs/weights-run.js';
import { mergeParts } from '../../store/merge-parts.js';
import { kindOfRun } from '../../store/manifest.js';
import { commandBody } from '../command.js';
import {
  figureFlags,
  overlayOption,
  readFigureFlags,
  type FigureRequest,
} from '../options/figure-options.js';
import { text, toggle } from '../options/option.js';
import { modelTable } from '../text/model-table.js';
import { runReport } from '../text/run-report.js';
import { stopOnSignal } from './stop-on-signal.js';

/** The part of a merge that does not depend on the kind of run. */
interface Merge {
  readonly out: string;
  readonly overwrite?: boolean | undefined;
  readonly signal: AbortSignal;
}

type Merging = (
  runs: readonly string[],
  merge: Merge,
  drawing: FigureRequest & { readonly overlay?: boolean | undefined },
) => Promise<string>;

/** The kinds of runs that have parts: each joins them, draws the whole and returns the report. */
const kinds: Readonly<Record<string, Merging>> = {
  comparison: async (runs, merge, { formats, figure, overlay }) => {
    if (overlay !== undefined) throw onlyOfStudies();
    const { folder } = await mergeParts(comparisonRun, runs, merge);
    const paths = await drawKeptRun(folder, { formats, figure });
    return [`run      ${folder}`, ...paths.map((path) => `figure   ${path}`)]
      .map((line) => `${line}\n`)
      .join('');
  },
  study: async (runs, merge, { formats, figure, overlay: asked }) => {
    const run = await mergeRuns(runs, merge);
    const overlay = asked ?? isOverlaid(run.manifest);
    return runReport(run, await drawKeptRun(run.folder, { formats, figure, study: { overlay } }), overlay);
  },
  search: async (runs, merge, { overlay }) => {
    if (overlay !== undefined) throw onlyOfStudies();
    const { folder, manifest } = await mergeSearch(runs, merge);
    return `run      ${folder}\n\n${manifest.state}: the rows of ${runs.length} runs\n`;
  },
  weights: async (runs, merge, { formats, figure, overlay }) => {
    if (overlay !== undefined) throw onlyOfStudies();
    const { folder } = await mergeParts(weightsRun, runs, merge);
    const { manifest, spec, layers, skipped } = await readWeightsRun(folder);
    const { format } = spec as { readonly format: FormatName };
    const file = manifest.files['model']?.path ?? folder;
    const paths = layers.length === 0 ? [] : await drawKeptRun(folder, { formats, figure });
    const lines = [`run      ${folder}`, ...paths.map((path) => `figure   ${path}`)];
    return `${modelTable({ file, format, layers, skipped, notes: [] }, { all: false })}\n${lines.join('\n')}\n`;
  },
};

const onlyOfStudies = () => invalid('flag', '--overlay', 'only for parts of a study');

/** `rankscope merge RUN...`: joins the parts of a run that `--shard` measured. */
export const merge = commandBody({
  operand: { describe: 'Folders of the parts' },
  options: {
    out: text('Folder of the run', { required: true }),
    overwrite: toggle('Replace the run in --out'),
    overlay: overlayOption,
    ...figureFlags('Figure:'),
  },
  examples: [['merge runs/part-1 runs/part-2 --out runs/whole', '']],
  run: async ({ out, overwrite, ...values }, runs) => {
    const drawing = { ...readFigureFlags(values), overlay: values.overlay };
    requireFileHandles(DRAWING_HANDLES);
    const kind = (await kindOfRun(runs[0])) ?? 'study'; // whose reader says what a folder without a run lacks
    const join = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (!join)
      throw invalid(
        'run',
        runs[0],
        `a part of a run of ${Object.keys(kinds).join(', ')}; it is of kind ${kind}`,
      );
    const stop = stopOnSignal('the parts stay as they are');
    try {
      process.stdout.write(await join(runs, { out, overwrite, signal: stop.signal }, drawing));
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      process.exitCode = stop.exitCode;
    } finally {
      stop.release();
    }
  },
});
