import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readNumberThat } from '../options/read-quantity.js';
import { invalid, messageOf, missing } from '../../errors.js';
import { drawRun, isOverlaid, type FigureName } from '../../report/draw-run.js';
import type { FigureRequest } from '../options/figure-options.js';
import { readManifest, studyRun } from '../../runs/study-run.js';
import { recountRun } from '../../runs/recount-run.js';
import { findUnfinished } from '../../store/resume.js';
import { runStudy, type Run } from '../../runs/run-study.js';
import { presetOf } from '../../study/protocol-presets.js';
import type { Study } from '../../study/study.js';
import { newRunFolder, RUNS } from './new-run-folder.js';
import { showProgress } from '../text/progress.js';
import { runReport } from '../text/run-report.js';
import { DRAWING_HANDLES, requireFileHandles } from '../../files/require-file-handles.js';
import { stopOnSignal } from './stop-on-signal.js';
import { flagOf } from '../options/option.js';
import { givenStudyOptions } from '../options/study-options.js';
import type { RunValues } from './study-commands.js';

type CommandValues = RunValues & Parameters<typeof givenStudyOptions>[0];

/** The checked request of a command line. */
interface Request {
  readonly name: FigureName;
  /** The figures to draw; undefined means every figure that the run has data for. */
  readonly figures: readonly FigureName[] | undefined;
  /** The files, words, size and colours of the figures. */
  readonly drawing: FigureRequest;
  readonly study: Study;
}

/** Runs a study, or recounts a run with `--from`; draws the figures and prints the report. */
export async function runStudyCommand(request: Request, values: CommandValues): Promise<void> {
  requireFileHandles(DRAWING_HANDLES);
  const out = await outputFolder(request, values);
  const progress = showProgress();
  const stop = stopOnSignal();
  const shared = {
    out,
    overwrite: values.overwrite === true,
    onProgress: progress.update,
    signal: stop.signal,
  };
  let run: Run;
  try {
    run = await (values.from === undefined
      ? withRemedy(out, measure(request, values, shared))
      : recount(request, values, shared));
  } finally {
    progress.end();
    stop.release();
  }
  const { figures, drawing } = request;
  const overlay = request.name === 'curve' && (values.overlay ?? isOverlaid(run.manifest));
  const paths =
    run.summary.length === 0
      ? []
      : await drawRun(run.folder, { figures, ...drawing, overlay, predict: values.predict === true });
  process.stdout.write(runReport(run, paths, overlay));
  // a flag has changed the default protocol: the published points would be gone without a word
  if (request.name === 'curve' && values.overlay === undefined && isChanged(run, values))
    process.stdout.write('note     not the `fitted` protocol: --overlay draws the published points\n');
  if (run.manifest.state === 'stopped') process.exitCode = stop.exitCode;
}

/** Returns true if the protocol is not a named one, and the command line names none. */
function isChanged({ manifest }: Run, { protocol, study, from }: CommandValues): boolean {
  const isDefault = protocol === undefined && study === undefined && from === undefined;
  return isDefault && presetOf(manifest.study.protocol) === undefined;
}

/** Returns the folder of the run: `--out`, or with `--resume` the newest that can be continued, or a new one. */
async function outputFolder({ name, study }: Request, values: CommandValues): Promise<string> {
  if (values.out !== undefined) return values.out;
  if (values.resume !== true || values.from !== undefined) return newRunFolder(name);
  return findUnfinished(studyRun, RUNS, study, values.shard);
}

type SharedOptions = Parameters<typeof recountRun>[2];

function measure({ study }: Request, values: CommandValues, shared: SharedOptions): Promise<Run> {
  const options = {
    ...shared,
    resume: values.resume === true,
    shard: values.shard,
    partSeconds: readNumberThat('part-seconds', values.partSeconds, (value) => value >= 0, 'a number >= 0'),
    workers: readNumberThat('workers', values.workers, isCount, 'a whole number >= 0'),
    backend: values.backend,
    engine: values.engine,
    activationModule: values.activationModule,
    onFallback: (reason: string) =>
      process.stderr.write(`rankscope: the layers are measured without worker threads: in one, ${reason}\n`),
  };
  if (options.resume && !existsSync(join(shared.out, 'run.json')))
    process.stderr.write(`rankscope: no run in ${shared.out} to resume: a new one begins\n`);
  return runStudy(study, options);
}

/** Adds to the error of a failed run that its rows are kept and how to continue it. */
async function withRemedy(folder: string, run: Promise<Run>): Promise<Run> {
  try {
    return await run;
  } catch (cause) {
    const reason = messageOf(cause);
    const manifest = await readManifest(folder).catch(() => undefined);
    if (manifest?.state !== 'failed' || manifest.error !== reason) throw cause;
    const { done, total } = manifest.layers;
    const kept = `${done} of ${total} layers are kept in ${folder}: --resume continues`;
    throw new Error(`${reason} (${kept})`, { cause });
  }
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;

async function recount({ name }: Request, values: CommandValues, shared: SharedOptions): Promise<Run> {
  const measuring = (['resume', 'shard'] as const).filter((name) => values[name]);
  const [other] = [...givenStudyOptions(values).filter((name) => name !== 'tolerance'), ...measuring];
  if (other !== undefined) {
    throw invalid(
      'flag',
      `--${flagOf(other)}`,
      'only --tolerance with --from, whose layers are drawn already',
    );
  }
  const from = String(values.from);
  const { study } = await readManifest(from);
  // a spectrum figure needs no tolerance, so it takes the run's tolerances
  const own = name === 'spectrum' ? study.protocol.tolerances : [];
  const tolerances = Array.isArray(values.tolerance) ? values.tolerance.map(String) : own;
  if (tolerances.length === 0) throw missing('tolerance', from, '--from needs at least one --tolerance');
  return recountRun(from, tolerances, shared);
}
