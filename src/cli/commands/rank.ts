import type { CommandModule } from 'yargs';

import { messageOf } from '../../errors.js';
import { readMatrix } from '../../files/read-matrix.js';
import { defaultTolerance } from '../../rank/rank.js';
import { parseTolerance, toleranceForms } from '../../rank/tolerance.js';
import { type EngineChoice, engineChoices, resolveEngine } from '../../spectrum/engines.js';
import type { Accuracy } from '../../spectrum/engine.js';
import { checkAccuracy } from '../../spectrum/singular-values.js';
import { engineNote } from '../text/engine-note.js';
import { rankJson } from '../text/rank-json.js';
import { type RankReport, rankReport } from '../text/rank-report.js';
import { rankTable } from '../text/rank-table.js';
import { splitTolerances } from '../options/text-option.js';

export interface RankArguments {
  file: string;
  tolerance: string[];
  engine: EngineChoice;
  accuracy?: Accuracy;
  json: boolean;
  spectrum: boolean;
}

/** Up to this shorter side the full way takes less than a second, and every digit of the spectrum is there. */
const FULL_SIDE = 1024;

/** `rankscope rank FILE`: the numerical rank of a matrix in a file, as a table or one JSON object. */
export const rankCommand: CommandModule<object, RankArguments> = {
  command: 'rank <file>',
  describe: 'Measure the numerical rank of a matrix in a file',
  builder: (yargs) =>
    yargs
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: '.npy, .csv, .tsv or .txt, one row a channel; - reads standard input',
      })
      // Without this yargs takes a lone `-` for a flag and hands over an empty name.
      .nargs('file', 1)
      .option('tolerance', {
        type: 'string',
        requiresArg: true,
        describe: `Which singular values count as zero; may be repeated: ${toleranceForms.join(', ')}`,
        default: defaultTolerance,
        // Repeating the flag gives an array; `array: true` would swallow the file name after it.
        coerce: (given: string | string[]) => splitTolerances([given].flat()),
      })
      .option('engine', {
        type: 'string',
        requiresArg: true,
        describe: `What computes the singular values: ${engineChoices.join(', ')}`,
        default: 'auto' as EngineChoice,
      })
      .option('accuracy', {
        type: 'string',
        requiresArg: true,
        describe: 'gram: from A times its transpose, fast; full: from A itself; auto: gram for float32',
        defaultDescription: `full up to ${FULL_SIDE} rows or columns, else auto`,
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON object, the same keys for any matrix; `ranks` has one entry per tolerance',
      })
      .option('spectrum', {
        type: 'boolean',
        default: false,
        describe: 'Plot the singular values; with --json, list them',
      })
      .example('$0 rank features.npy --tolerance numpy --tolerance relative:0.01', '')
      .example('$0 rank - --json < features.npy', '') as never,
  handler: async (options) => {
    const report = await measure(options);
    // a run says this in its report; here the output may be JSON
    const note = options.engine === 'auto' ? engineNote(report.engine) : undefined;
    if (note !== undefined) process.stderr.write(`rankscope: ${note}\n`);
    process.stdout.write(
      options.json ? `${JSON.stringify(rankJson(report, options.spectrum))}\n` : rankTable(report, options),
    );
  },
};

async function measure({ file, tolerance, engine, accuracy }: RankArguments): Promise<RankReport> {
  // A mistyped rule should not wait for a large file.
  const tolerances = tolerance.map(parseTolerance);
  const { name } = resolveEngine(engine);
  checkAccuracy({ accuracy, engine });
  const read = await readMatrix(file);
  const short = Math.min(read.matrix.rows, read.matrix.columns) <= FULL_SIDE;
  const options = { engine, accuracy: accuracy ?? (short ? 'full' : 'auto') } as const;
  return named(file, () => rankReport(file, read, tolerances, name, options));
}

/** Lets what is said of a matrix name its file. */
function named<T>(file: string, compute: () => T): T {
  try {
    return compute();
  } catch (cause) {
    throw new RangeError(`${file}: ${messageOf(cause)}`, { cause });
  }
}
