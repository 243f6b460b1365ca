// Reads mutated inputs for as long as asked: whatever a person may have on disk or type must end in a right answer or in
// one of our complaints, within 5 s of processor time and 1 GiB of memory, and leave the files of the input as they were.
//
//   npx tsx bench/fuzz/fuzz.ts --minutes 10 [--reader NAME,NAME] [--seed S]     (build first)
//   npx tsx bench/fuzz/fuzz.ts --reader NAME --seed S                           one case again
//
// A case is decided by reader and seed alone. Failing inputs are kept in --out, by default runs/fuzz.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { campaign, type Failure, type Tally } from './campaign.js';
import { readers } from './readers.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    cases: { type: 'string' },
    reader: { type: 'string' },
    seed: { type: 'string' },
    out: { type: 'string', default: 'runs/fuzz' },
  },
});

const all = readers.map(({ name }) => name);
const names = values.reader?.split(',') ?? all;
const strange = names.find((name) => !all.includes(name));
if (strange !== undefined) throw new RangeError(`unknown reader: ${strange} (allowed: ${all.join(', ')})`);
const number = (flag: 'minutes' | 'cases' | 'seed') => {
  const value = values[flag] === undefined ? undefined : Number(values[flag]);
  if (value !== undefined && !(value >= 0))
    throw new RangeError(`invalid ${flag}: ${value} (allowed: a number >= 0)`);
  return value;
};
const seed = number('seed');
const isOne = values.reader !== undefined && seed !== undefined && !values.minutes && !values.cases;

void main();

async function main(): Promise<void> {
  const cases = number('cases') ?? (isOne ? 1 : Infinity);
  const { tallies, failures } = await campaign({
    readers: names,
    seed: seed ?? 0,
    cases: () => cases,
    minutes: number('minutes') ?? (isOne || values.cases ? Infinity : 1),
    keep: join(process.cwd(), values.out),
    onCase: (_, failure) => {
      if (failure) process.stderr.write(failureText(failure));
    },
  });
  process.stdout.write(table(tallies));
  for (const failure of isOne ? failures : []) process.stdout.write(`\n${failure.says}\n`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

function failureText({ reader, seed, fault, words, says, folder }: Failure): string {
  const given = words.length > 0 ? `\n  words  ${JSON.stringify(words).slice(0, 400)}` : '';
  const told = says.split('\n')[0]!.slice(0, 400);
  return `${reader} --seed ${seed}: ${fault.slice(0, 400)}${given}\n  says   ${told}\n  input  ${folder}\n`;
}

/** Returns the counts as a table of 80 columns. */
function table(tallies: readonly Tally[]): string {
  const head = ['reader', 'cases', 'answered', 'refused', 'failed', 'ms', 'slowest', 'memory'];
  const widths = [18, 8, 9, 9, 8, 8, 9, 11];
  const line = (cells: readonly string[]) =>
    `${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('')}\n`;
  const count = (value: number) => value.toLocaleString('en-US');
  const row = ({ reader, cases, answered, refused, failed, seconds, slowest, memory }: Tally) => [
    ...[reader, count(cases), count(answered), count(refused), count(failed)],
    ...[((1000 * seconds) / Math.max(1, cases)).toFixed(1), `${slowest.toFixed(2)} s`],
    `${Math.round(memory / 2 ** 20)} MiB`,
  ];
  const sum = (key: 'cases' | 'answered' | 'refused' | 'failed' | 'seconds') =>
    tallies.reduce((total, tally) => total + tally[key], 0);
  const max = (key: 'slowest' | 'memory') => Math.max(...tallies.map((tally) => tally[key]));
  const total: Tally = {
    ...{ reader: 'all', cases: sum('cases'), answered: sum('answered'), refused: sum('refused') },
    ...{ failed: sum('failed'), seconds: sum('seconds'), slowest: max('slowest'), memory: max('memory') },
  };
  const rule = `${'-'.repeat(80)}\n`;
  return line(head) + rule + tallies.map((tally) => line(row(tally))).join('') + rule + line(row(total));
}
