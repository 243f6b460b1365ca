import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createStream } from '../../src/random/stream.js';
import { chance, pick } from './choices.js';
import { changedFiles, type Input, writeInput } from './input.js';
import { faultOf, notFinite } from './judge.js';
import { mutateInput } from './mutate-input.js';
import { type Reader, type Seed, WrongAnswer } from './reader.js';

/** How a case ended; `fault` says in words how it should not have. */
export interface Outcome {
  readonly end: 'answered' | 'refused';
  readonly fault?: string | undefined;
  /** The answer's beginning, or the complaint. */
  readonly says: string;
}

/** How the input of a case came about. */
interface Case {
  readonly input: Input;
  /** The only right answer; undefined where there may be others. */
  readonly answer: readonly unknown[] | undefined;
  readonly mayRefuse: boolean;
}

/** A seed and its answer; undefined where the reader refuses it, which is a fault. */
type AnsweredSeed = Required<Seed>;

/** Returns the seeds of a reader with their answers, which the reader gives where they are not known otherwise. */
export async function answeredSeeds(reader: Reader, folder: string): Promise<AnsweredSeed[]> {
  const own = join(folder, `seeds-${reader.name}`);
  await mkdir(own, { recursive: true });
  process.chdir(own);
  const seeds: AnsweredSeed[] = [];
  for (const [i, { input, answer }] of (await reader.seeds()).entries()) {
    const read = () => within(join(own, String(i)), input, reader).catch(() => undefined);
    seeds.push({ input, answer: answer === undefined ? await read() : answer });
  }
  return seeds;
}

/** Returns the input of a case: a seed's own, one of the same meaning, or a changed one. */
export function caseOf(reader: Reader, seeds: readonly AnsweredSeed[], seed: number): Case {
  const stream = createStream(seed, `fuzz/${reader.name}`);
  const { input: given, answer } = pick(stream, seeds);
  if (answer === undefined || chance(stream, 0.02))
    return { input: given, answer: [answer], mayRefuse: false };
  if (reader.rewrite && chance(stream, 0.1))
    return { input: reader.rewrite(stream, given), answer: [answer], mayRefuse: false };
  const others = seeds.map(({ input }) => input);
  const changed = mutateInput(stream, given, others);
  const repairs = reader.repair !== undefined && chance(stream, 0.4);
  const input = repairs ? repaired(reader, changed) : changed;
  const isSafe = !repairs && reader.isProtected !== undefined;
  const touched = [...new Set([...given.files.keys(), ...input.files.keys()])].filter(
    (path) => input.files.get(path) !== given.files.get(path),
  );
  const safe = isSafe && touched.every((path) => reader.isProtected!(path, input));
  return { input, answer: safe ? seeds.map((seed) => seed.answer) : undefined, mayRefuse: true };
}

/** Reads the input in a folder of its own, and judges how that ended. */
export async function runCase(
  reader: Reader,
  { input, answer, mayRefuse }: Case,
  folder: string,
): Promise<Outcome> {
  const judged = (end: Outcome['end'], says: string, fault?: string) => ({ end, says, fault });
  let outcome: Outcome;
  try {
    const found = await within(folder, input, reader);
    const says = shown(JSON.stringify(found));
    const endless = notFinite(found);
    const isWrong = answer !== undefined && !answer.some((right) => isDeepStrictEqual(found, right));
    const wrong = isWrong ? `gives another answer than ${shown(JSON.stringify(answer[0]))}` : undefined;
    outcome = judged('answered', says, endless === undefined ? wrong : `accepts: ${endless}`);
  } catch (error) {
    const says = error instanceof Error ? `${error.name}: ${shown(error.message)}` : String(error);
    if (error instanceof WrongAnswer) outcome = judged('answered', says, error.message);
    else {
      const named = reader.named ?? input.words.length === 0;
      const names = named
        ? [basename(folder), ...[...input.files.keys()].flatMap((path) => path.split('/'))]
        : [];
      const fault = faultOf(error, names, reader.quotes) ?? (mayRefuse ? undefined : 'refuses what is valid');
      const stack = error instanceof Error && fault !== undefined ? `\n${error.stack ?? ''}` : '';
      outcome = judged('refused', says + stack, fault);
    }
  }
  const changed = (await changedFiles(folder, input)).filter(
    (path) => !reader.mayChange?.(path, input.words),
  );
  return changed.length === 0 ? outcome : { ...outcome, fault: `changes ${changed.join(', ')}` };
}

/** Reads an input in a folder that becomes the working directory. */
async function within(folder: string, input: Input, reader: Reader): Promise<unknown> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeInput(folder, input);
  process.chdir(folder);
  return reader.read(input.words);
}

function repaired(reader: Reader, { files, words }: Input): Input {
  const fix = ([path, bytes]: [string, Uint8Array | null]) =>
    [path, bytes === null ? null : reader.repair!(path, bytes)] as const;
  return { files: new Map([...files].map(fix)), words };
}

function shown(text = 'nothing'): string {
  return text.length > 600 ? `${text.slice(0, 600)}...` : text;
}
