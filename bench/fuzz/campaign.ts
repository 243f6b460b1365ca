import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report, Task } from './child.js';

export interface CampaignOptions {
  /** Names of readers, which take turns: the one that had the least time is next. */
  readonly readers: readonly string[];
  /** Path of the module that exports them. @default readers.ts */
  readonly table?: string;
  /** The first case of each reader has this seed, the next one the next. */
  readonly seed: number;
  /** Cases of a reader. @default as many as there is time for */
  readonly cases?: (reader: string) => number;
  /** @default Infinity */
  readonly minutes?: number;
  /** Seconds of processor time a case. @default 5 */
  readonly seconds?: number;
  /** Bytes of memory a case above those at its start. @default 2 ** 30 */
  readonly bytes?: number;
  /** The folder in which failing inputs are kept. @default none is */
  readonly keep?: string | undefined;
  readonly onCase?: (tally: Tally, failure?: Failure) => void;
}

/** What was seen of one reader. */
export interface Tally {
  readonly reader: string;
  cases: number;
  answered: number;
  refused: number;
  failed: number;
  /** Wall clock, all cases. */
  seconds: number;
  /** Processor time of the slowest case. */
  slowest: number;
  /** Bytes of the case that took most. */
  memory: number;
}

/** A case that did not end as it should. */
export interface Failure {
  readonly reader: string;
  readonly seed: number;
  readonly fault: string;
  readonly says: string;
  readonly words: readonly string[];
  /** The folder with the input, if it was kept. */
  readonly folder?: string | undefined;
}

/** Seconds on the clock after which a case that uses no processor time is taken for hanging. */
const HANGS = 60;

/** A process of this size is replaced by a new one between two cases. */
const LARGE = 2 ** 31;

/**
 * Reads mutated inputs and returns what was seen of each reader. Each input is read in a child process, which is killed
 * beyond its limits. Which input a case reads depends on the reader and the seed alone.
 */
export async function campaign(options: CampaignOptions): Promise<{ tallies: Tally[]; failures: Failure[] }> {
  const {
    readers,
    seed,
    cases = () => Infinity,
    minutes = Infinity,
    seconds = 5,
    bytes = 2 ** 30,
    keep,
  } = options;
  const base = await mkdtemp(join(tmpdir(), 'rankscope-fuzz-'));
  const { table = join(__dirname, 'readers.ts') } = options;
  const child = reusedChild([table, base, String(seconds), String(bytes)]);
  const tallies = readers.map(newTally);
  const failures: Failure[] = [];
  const end = performance.now() + minutes * 60_000;
  try {
    while (performance.now() < end) {
      const open = tallies.filter((tally) => tally.cases < cases(tally.reader));
      if (open.length === 0) break;
      const tally = open.reduce((min, other) => (other.seconds < min.seconds ? other : min));
      const task: Task = { reader: tally.reader, seed: seed + tally.cases };
      const begun = performance.now();
      const { report, words } = await child.run(task);
      tally.seconds += (performance.now() - begun) / 1000;
      add(tally, report);
      const { fault, says } = report;
      let failure: Failure | undefined;
      if (fault !== undefined) {
        failure = { ...task, fault, says, words };
        if (keep !== undefined) failure = await kept(failure, keep, (again) => child.run(again));
        failures.push(failure);
      }
      options.onCase?.(tally, failure);
    }
  } finally {
    child.end();
    await rm(base, { recursive: true, force: true, maxRetries: 3 });
  }
  return { tallies, failures };
}

function newTally(reader: string): Tally {
  return { reader, cases: 0, answered: 0, refused: 0, failed: 0, seconds: 0, slowest: 0, memory: 0 };
}

function add(tally: Tally, { end, fault, seconds, memory }: Report): void {
  tally.cases += 1;
  if (fault !== undefined) tally.failed += 1;
  else tally[end] += 1;
  tally.slowest = Math.max(tally.slowest, seconds);
  tally.memory = Math.max(tally.memory, memory);
}

interface Finished {
  readonly report: Report;
  readonly words: readonly string[];
}

/** Writes the input of a failing case, made once more. Beside it stands what went wrong and how to see it again. */
async function kept(
  failure: Failure,
  keep: string,
  run: (task: Task) => Promise<Finished>,
): Promise<Failure> {
  const { reader, seed } = failure;
  const folder = join(keep, `${reader}-${seed}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run({ reader, seed, save: join(folder, 'input') });
  const again = `npx tsx bench/fuzz/fuzz.ts --reader ${reader} --seed ${seed}`;
  await writeFile(join(folder, 'failure.json'), `${JSON.stringify({ ...failure, again }, null, 2)}\n`);
  return { ...failure, folder };
}

/** A child process that runs one task after another, and is made anew when it was killed or has grown. */
function reusedChild(args: readonly string[]) {
  let child: ChildProcess | undefined;
  const start = () =>
    fork(join(__dirname, 'child.ts'), args, {
      cwd: join(__dirname, '../..'),
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
  const end = () => {
    child?.removeAllListeners();
    child?.kill('SIGKILL');
    child = undefined;
  };
  const run = async (task: Task): Promise<Finished> => {
    const running = (child ??= start());
    const finished = await finish(running, task);
    if (running.exitCode !== null || running.signalCode !== null || finished.report.resident > LARGE) end();
    return finished;
  };
  return { run, end };
}

/** Returns the report of a child, or one of how it came to its end. */
function finish(child: ChildProcess, task: Task): Promise<Finished> {
  return new Promise((resolve) => {
    let said = '';
    let words: readonly string[] = [];
    const clock = setTimeout(() => {
      said += `hangs: not done after ${HANGS} s`;
      child.kill('SIGKILL');
    }, HANGS * 1000);
    const listen = (chunk: Buffer) => (said = (said + chunk.toString()).slice(-20_000));
    const settle = (report: Report) => {
      clearTimeout(clock);
      child.removeAllListeners();
      child.stderr!.off('data', listen);
      resolve({ report, words });
    };
    child.stderr!.on('data', listen);
    child.on('message', (message: { begins: readonly string[] } | Report) => {
      if ('begins' in message) words = message.begins;
      else settle(message);
    });
    child.on('close', (code, signal) => {
      const limit = /^(takes more than|hangs: ).*$/m.exec(said)?.[0];
      const fault = limit ?? `ends the process (${signal ?? `exit code ${code}`})`;
      settle({ end: 'refused', fault, says: said, seconds: 0, memory: 0, resident: 0 });
    });
    child.send(task);
  });
}
