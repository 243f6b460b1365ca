import { join } from 'node:path';
import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { invalid, missing } from '../errors.js';
import { numberThat } from '../fields.js';
import { backendNames, type BackendName } from '../layers/backend.js';
import { drawRun, type FigureName } from '../plots/draw-run.js';
import { FIGURE_FORMATS, type FigureFormat } from '../plots/render.js';
import { engineChoices, type EngineChoice } from '../spectrum/engines.js';
import { readManifest } from '../store/manifest.js';
import { recountRun } from '../store/recount-run.js';
import { findUnfinished } from '../store/resume.js';
import { PART_SECONDS } from '../store/row-writer.js';
import { runStudy, type Run } from '../store/run-study.js';
import { loadActivations } from '../study/load-activations.js';
import { resolveStudy, type StudyInput } from '../study/study.js';
import { readFormats } from './formats.js';
import { showProgress } from './progress.js';
import { runReport } from './run-report.js';
import { addStudyOptions, givenStudyFlags, readStudyOptions } from './study-options.js';

/** `rankscope curve`: carries a study out and draws rank ratio against dimension ratio. */
export const curveCommand = runCommand('curve', {
  describe: 'Draw rank ratio against dimension ratio for random layers',
  study: {},
  figures: undefined,
  examples: [
    ['$0 curve', 'four blocks, eight nonlinearities, ten ratios'],
    ['$0 curve --blocks pointwise --layers 200 --out runs/pointwise', ''],
    ['$0 curve --blocks pointwise --layers 200 --out runs/pointwise --resume', 'after it was cut off'],
    ['$0 curve --from runs/pointwise --tolerance relative:0.01', ''],
  ],
});

/** `rankscope spectrum`: the same with every spectrum kept, and draws how the singular values fall. */
export const spectrumCommand = runCommand('spectrum', {
  describe: 'Draw the singular-value spectra of random layers',
  study: { ratios: [0.1, 0.5, 1], spectra: true },
  figures: ['spectrum'],
  examples: [['$0 spectrum --blocks pointwise --activations relu,silu', '']],
});

interface RunCommand {
  readonly describe: string;
  /** What the command's studies have where nothing is given. */
  readonly study: StudyInput;
  /** The figures it draws; undefined for all that the run has data for. */
  readonly figures: readonly FigureName[] | undefined;
  readonly examples: [command: string, says: string][];
}

function runCommand(name: FigureName, command: RunCommand): CommandModule {
  return {
    command: name,
    describe: command.describe,
    builder: (yargs) => {
      const defaults = Object.fromEntries(
        Object.entries(command.study).map(([key, value]) => [key, String(value)]),
      );
      return addRunOptions(addStudyOptions(yargs, defaults), name).example(command.examples);
    },
    handler: (argv) => carryOut(name, command, argv),
  };
}

function addRunOptions<T>(yargs: Argv<T>, name: string): Argv<T> {
  const text = { group: 'Run:', type: 'string', requiresArg: true } as const;
  return yargs
    .option('out', { ...text, describe: 'Folder of the run', defaultDescription: `runs/${name}-DATE-TIME` })
    .option('overwrite', { group: 'Run:', type: 'boolean', describe: 'Replace the run that --out holds' })
    .option('resume', { group: 'Run:', type: 'boolean', describe: 'Continue a run that ended early' })
    .option('shard', { ...text, describe: 'Measure part I of N, as I/N; `merge` joins the parts' })
    .option('part-seconds', {
      ...text,
      describe: 'Keep what is measured at least so often',
      defaultDescription: String(PART_SECONDS),
    })
    .option('from', { ...text, describe: 'Count a run with kept spectra again, at other --tolerance' })
    .option('formats', {
      ...text,
      describe: `Figure files: ${FIGURE_FORMATS.join(', ')}`,
      defaultDescription: 'all',
    })
    .option('workers', { ...text, describe: 'Worker threads; 0 for none', defaultDescription: 'one a core' })
    .option('backend', {
      ...text,
      describe: `Tensor backend: auto, ${backendNames.join(', ')}`,
      defaultDescription: 'auto',
    })
    .option('engine', {
      ...text,
      describe: `Spectrum engine: ${engineChoices.join(', ')}`,
      defaultDescription: 'auto',
    })
    .option('activation-module', { ...text, describe: 'Module that exports nonlinearities of your own' });
}

async function carryOut(name: FigureName, command: RunCommand, argv: ArgumentsCamelCase): Promise<void> {
  const formats = readFormats(argv.formats);
  const out = await outputFolder(name, command, argv);
  const progress = showProgress();
  const stop = stopOnSignal();
  const shared = {
    out,
    overwrite: argv.overwrite === true,
    onProgress: progress.update,
    signal: stop.signal,
  };
  let run: Run;
  try {
    run = argv.from === undefined ? await measure(command, argv, shared) : await recount(name, argv, shared);
  } finally {
    progress.end();
    stop.release();
  }
  process.stdout.write(runReport(run, await drawFigures(run, command.figures, formats)));
  if (run.manifest.state === 'stopped') process.exitCode = 130;
}

function readWorkers(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const workers = numberThat((count) => Number.isSafeInteger(count) && count >= 0)(given);
  if (workers === undefined) throw invalid('workers', given, 'a whole number >= 0');
  return workers;
}

/** Returns the folder of the run: `--out`, or with `--resume` the newest that can be continued, or a new one. */
async function outputFolder(
  name: FigureName,
  command: RunCommand,
  argv: ArgumentsCamelCase,
): Promise<string> {
  if (argv.out !== undefined) return argv.out as string;
  if (argv.resume !== true || argv.from !== undefined) return join(RUNS, `${name}-${timestamp()}`);
  const own = await loadActivations(argv.activationModule as string | undefined);
  const study = resolveStudy(await studyOf(command, argv), Object.keys(own));
  return findUnfinished(RUNS, study, argv.shard as string | undefined);
}

/** Where runs go that are given no folder. */
const RUNS = 'runs';

async function studyOf(command: RunCommand, argv: ArgumentsCamelCase): Promise<StudyInput> {
  const { protocol, ...study } = await readStudyOptions(argv);
  return { ...command.study, ...study, protocol };
}

type SharedOptions = Parameters<typeof recountRun>[2];

async function measure(command: RunCommand, argv: ArgumentsCamelCase, shared: SharedOptions): Promise<Run> {
  return runStudy(await studyOf(command, argv), {
    ...shared,
    resume: argv.resume === true,
    shard: argv.shard as string | undefined,
    partSeconds: numberOf(argv.partSeconds),
    workers: readWorkers(argv.workers),
    backend: argv.backend as BackendName | undefined,
    engine: argv.engine as EngineChoice | undefined,
    activationModule: argv.activationModule as string | undefined,
  });
}

const numberOf = (flag: unknown) => (flag === undefined ? undefined : Number(flag));

async function recount(name: FigureName, argv: ArgumentsCamelCase, shared: SharedOptions): Promise<Run> {
  const measuring = ['resume', 'shard'].filter((flag) => argv[flag] !== undefined && argv[flag] !== false);
  const other = [...givenStudyFlags(argv).filter((flag) => flag !== 'tolerance'), ...measuring];
  if (other.length > 0) {
    throw invalid('flag', `--${other[0]}`, 'only --tolerance with --from, whose layers are drawn already');
  }
  const from = String(argv.from);
  const { study } = await readManifest(from);
  // a spectrum figure needs no tolerance: those of the run serve
  const tolerances =
    (argv.tolerance as string[] | undefined) ?? (name === 'spectrum' ? study.protocol.tolerances : []);
  if (tolerances.length === 0) throw missing('tolerance', from, '--from needs at least one --tolerance');
  return recountRun(from, tolerances, shared);
}

async function drawFigures(run: Run, figures: RunCommand['figures'], formats: readonly FigureFormat[]) {
  return run.summary.length === 0 ? [] : drawRun(run.folder, { figures, formats });
}

/** Aborts on the first Ctrl-C (or SIGTERM), so that what is done is kept; a second one quits at once. */
function stopOnSignal(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write('\nstopping: the layers under way are finished and kept (again to quit at once)\n');
    controller.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, stop);
    },
  };
}

/** Local time as `20260131-235959`. */
function timestamp(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}
