// A sample of the published study, 320,000 layers with d_out from 16 to 512 and N = d_out + 1: `rankscope curve
// --no-metrics` on all cores beside a straightforward PyTorch script on as many threads, in turns; medians, their
// ratio, and how long the whole study would take, extrapolated from the sample.
//
//   npx tsx bench/study/study.bench.ts [--layers 16] [--rounds 3] [--python python3]     (build first)
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({
  options: {
    layers: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', default: 'python3' },
  },
});
const WHOLE = 320_000;
const channels = [16, 512] as const;

main();

function main(): void {
  const count = 320 * Number(flags.layers);
  const times: Record<'rankscope' | 'PyTorch', number[]> = { rankscope: [], PyTorch: [] };
  for (let round = 0; round < Number(flags.rounds); round++) {
    const means = ours(round);
    times.rankscope.push(means.seconds);
    const theirs = torch(round);
    if (!theirs) continue;
    times.PyTorch.push(theirs.seconds);
    if (round === 0) compare(means.means, theirs.means);
  }
  console.log(
    `\n${count} layers, d_out ${channels.join(' to ')}, N = d_out + 1, median of ${flags.rounds} rounds`,
  );
  for (const [name, list] of Object.entries(times)) {
    if (list.length === 0) continue;
    const seconds = median(list);
    const minutes = ((seconds / count) * WHOLE) / 60;
    console.log(
      `${name.padEnd(10)} ${seconds.toFixed(1).padStart(7)} s   ${(count / seconds).toFixed(0).padStart(4)} layers a second   ` +
        `${WHOLE.toLocaleString('en')} layers in ${minutes.toFixed(0)} minutes, extrapolated`,
    );
  }
  if (times.PyTorch.length > 0)
    console.log(`ratio      ${(median(times.rankscope) / median(times.PyTorch)).toFixed(2)}`);
}

/** The run as a user has it, from start to figure. */
function ours(seed: number): Result {
  const folder = mkdtempSync(join(tmpdir(), 'rankscope-bench-'));
  const out = join(folder, 'run');
  const started = performance.now();
  execFileSync(
    process.execPath,
    [
      join(__dirname, '../../dist/cli/main.js'),
      ...['curve', '--channels', channels.join(':'), '--samples', 'd_out+1', '--layers', flags.layers],
      ...['--no-metrics', '--no-overlay', '--formats', 'svg', '--seed', String(seed), '--out', out],
    ],
    { stdio: 'ignore' },
  );
  const seconds = (performance.now() - started) / 1000;
  const [head, ...lines] = readFileSync(join(out, 'summary.csv'), 'utf8').trim().split('\n');
  const place = (name: string) => head!.split(',').indexOf(name);
  const means: Record<string, number> = {};
  for (const line of lines) {
    const cells = line.split(',');
    const key = `${cells[place('block')]}/${cells[place('activation')]}`;
    means[key] = (means[key] ?? 0) + Number(cells[place('rank_ratio_mean')]) / 10;
  }
  rmSync(folder, { recursive: true });
  return { seconds, means };
}

function torch(seed: number): Result | undefined {
  const environment = { ...process.env };
  // these make OpenBLAS take another processor's code
  delete environment['OPENBLAS_CORETYPE'];
  delete environment['OPENBLAS_L2_SIZE'];
  const script = join(__dirname, 'torch_study.py');
  const { stdout, status, stderr } = spawnSync(
    flags.python,
    [script, flags.layers, ...channels.map(String), String(seed)],
    { env: environment, encoding: 'utf8' },
  );
  if (status !== 0) {
    console.error(`no PyTorch here: ${(stderr ?? '').trim().split('\n').at(-1)}`);
    return undefined;
  }
  return JSON.parse(stdout) as Result;
}

interface Result {
  seconds: number;
  /** Mean rank ratio by block and activation. */
  means: Record<string, number>;
}

/** The two must measure the same thing before their times mean anything. */
function compare(a: Record<string, number>, b: Record<string, number>): void {
  console.log('mean rank ratio       rankscope  PyTorch (other random numbers)');
  for (const [key, mean] of Object.entries(a))
    console.log(`${key.padEnd(30)} ${mean.toFixed(3)}  ${b[key]!.toFixed(3)}`);
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[list.length >> 1]!;
}
