import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { watchLimits } from './limits.js';
import type { Reader, Seed } from './reader.js';
import { answeredSeeds, caseOf, type Outcome, runCase } from './run-case.js';
import { writeInput } from './input.js';

/** Reads one input of a reader; with `save` the input is written there too. */
export interface Task {
  readonly reader: string;
  readonly seed: number;
  readonly save?: string | undefined;
}

/** What the process reports of a task. */
export interface Report extends Outcome {
  readonly seconds: number;
  /** Memory of the process above that at the case's start, at most, in bytes. */
  readonly memory: number;
  readonly resident: number;
}

const [table = '', base = '', seconds = '', bytes = ''] = process.argv.slice(2);
const readers = import(pathToFileURL(table).href) as Promise<{ readers: readonly Reader[] }>;
const watch = watchLimits({ seconds: Number(seconds), bytes: Number(bytes) });
const known = new Map<string, Promise<Required<Seed>[]>>();

process.on('message', (task: Task) => void work(task));

async function work({ reader: name, seed, save }: Task): Promise<void> {
  const reader = (await readers).readers.find((one) => one.name === name)!;
  const given = caseOf(reader, await seedsOf(reader), seed);
  if (save !== undefined) await writeInput(save, given.input);
  process.send!({ begins: given.input.words });
  const folder = join(base, `case-${seed}`);
  watch.begin();
  const outcome = await runCase(reader, given, folder);
  const used = watch.end();
  process.chdir(base);
  await rm(folder, { recursive: true, force: true });
  const report: Report = { ...outcome, ...used, resident: process.memoryUsage.rss() };
  process.send!(report);
}

function seedsOf(reader: Reader): Promise<Required<Seed>[]> {
  let seeds = known.get(reader.name);
  if (!seeds) known.set(reader.name, (seeds = answeredSeeds(reader, base)));
  return seeds;
}
