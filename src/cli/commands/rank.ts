import { messageOf } from '../../errors.js';
import { readMatrix } from '../../files/read-matrix.js';
import { defaultTolerance } from '../../rank/rank.js';
import { parseTolerance } from '../../rank/tolerance.js';
import { centerRows } from '../../spectrum/center.js';
import { engineChoices, resolveEngine } from '../../spectrum/engines.js';
import { readSpectrumOptions } from '../../spectrum/singular-values.js';
import { engineNote } from '../text/engine-note.js';
import { rankJson } from '../text/rank-json.js';
import { type RankReport, rankReport } from '../text/rank-report.js';
import { rankTable } from '../text/rank-table.js';
import { commandBody } from '../command.js';
import { choice, type OptionValues, toggle } from '../options/option.js';
import { toleranceOption } from '../options/tolerance-option.js';

/** Up to this shorter side the full method takes less than a second and resolves every digit. */
const FULL_SIDE = 1024;

const options = {
  tolerance: toleranceOption('', { default: defaultTolerance }),
  engine: choice(`Engine that computes the singular values: ${engineChoices.join(', ')}`, engineChoices, {
    default: 'auto',
  }),
  accuracy: choice(
    'gram: from A times its transpose, fast; full: from A itself; auto: gram for float32',
    ['auto', 'gram', 'full'],
    { default: `full up to ${FULL_SIDE} rows or columns, else auto` },
  ),
  center: toggle('Subtract the mean of each row first'),
  json: toggle('Print one JSON object, the same keys for any matrix; `ranks` has one entry per tolerance'),
  spectrum: toggle('Plot the singular values; with --json, list them'),
};

/** `rankscope rank FILE`: the numerical rank of a matrix in a file, as a table or one JSON object. */
export const rank = commandBody({
  operand: { describe: '.npy, .csv, .tsv or .txt, one row per channel; - reads standard input' },
  options,
  examples: [
    ['rank features.npy --tolerance numpy,relative:0.01', ''],
    ['rank - --json < features.npy', ''],
  ],
  run: async (values, [file]) => {
    const report = await measure(values, file);
    const { engine = 'auto', json = false, spectrum = false } = values;
    // a run prints this in its report; here the output may be JSON, so it goes to standard error
    const note = engine === 'auto' ? engineNote(report.engine) : undefined;
    if (note !== undefined) process.stderr.write(`rankscope: ${note}\n`);
    process.stdout.write(
      json ? `${JSON.stringify(rankJson(report, spectrum))}\n` : rankTable(report, { spectrum }),
    );
  },
});

async function measure(values: OptionValues<typeof options>, file: string): Promise<RankReport> {
  // Tolerances are checked before a large file is read.
  const { tolerance = [defaultTolerance], engine, accuracy, center: centered = false } = values;
  const tolerances = tolerance.map(parseTolerance);
  const { name } = resolveEngine(engine);
  readSpectrumOptions({ accuracy, engine });
  const read = await readMatrix(file);
  const matrix = centered ? centerRows(read.matrix) : read.matrix;
  const short = Math.min(read.matrix.rows, read.matrix.columns) <= FULL_SIDE;
  const how = { engine, accuracy: accuracy ?? (short ? 'full' : 'auto') } as const;
  return named(file, () => rankReport(file, { ...read, matrix, centered }, tolerances, name, how));
}

/** Adds the file's name to errors about its matrix. */
function named<T>(file: string, compute: () => T): T {
  try {
    return compute();
  } catch (cause) {
    throw new RangeError(`${file}: ${messageOf(cause)}`, { cause });
  }
}
