/**
 * Kills trainings at random moments (SIGKILL) and continues them until they are whole. Weights and rows are compared,
 * bit for bit, with those of a training that was never stopped. Ends with exit code 1 where they differ.
 *
 *   DATA=cifar-10-batches-bin npx tsx bench/training/kills.bench.ts [KILLS [SEED]]
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStream, nextWord } from '../../src/random/stream.js';
import { readTrainingRows } from '../../src/runs/training-run.js';

const [kills = '20', seed = String(Date.now() % 2 ** 32)] = process.argv.slice(2);
const program = join(__dirname, '../../dist/cli/main.js');
const base = mkdtempSync(join(tmpdir(), 'kills-'));
const common = [
  ...['train', 'cifar:8-8-12-12-16', '--data', process.env['DATA'] ?? 'cifar-10-batches-bin'],
  ...['--resolution', '8', '--epochs', '3', '--average', '0.9', '--cut-out', '0.25', '--ranks'],
  ...['--checkpoint-seconds', '0.3', '--formats', 'svg', '--resume', '--out'],
];

/** The weights as they are saved, and all rows without their times. */
async function outcome(folder: string): Promise<string> {
  const rows = await readTrainingRows(folder);
  const numbers = rows.map(({ seconds: _, imagesPerSecond: __, ...row }) => row);
  return readFileSync(join(folder, 'model/group1-shard1of1.bin'), 'hex') + JSON.stringify(numbers);
}

async function killAndContinue() {
  const reference = join(base, 'whole');
  const begun = performance.now();
  const { status } = spawnSync(process.execPath, [program, ...common, reference], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the training that is never stopped failed');
  const milliseconds = performance.now() - begun;
  const expected = await outcome(reference);
  const stream = createStream(Number(seed), 'kills');
  let [left, wrong] = [Number(kills), 0];
  for (let count = 1; left > 0; count++) {
    const folder = join(base, String(count));
    const moments: string[] = [];
    for (let code: number | null = null; code !== 0;) {
      const child = spawn(process.execPath, [program, ...common, folder], { stdio: 'ignore' });
      const moment = (0.6 * milliseconds * nextWord(stream)) / 2 ** 32;
      const timer = setTimeout(() => left > 0 && child.kill('SIGKILL'), moment);
      [code] = (await once(child, 'exit')) as [number | null];
      clearTimeout(timer);
      if (child.signalCode === 'SIGKILL') {
        left--;
        moments.push(`${(moment / 1e3).toFixed(2)} s`);
      } else if (code !== 0)
        throw new Error(`exit code ${code} after kills at ${moments.join(', ')}, seed ${seed}`);
    }
    const same = (await outcome(folder)) === expected;
    if (!same) wrong++;
    console.log(
      `training ${count}, killed after ${moments.join(', ')}: ${same ? 'the same bits' : 'OTHER BITS'}`,
    );
  }
  rmSync(base, { recursive: true });
  console.log(
    `${kills} kills of a training of ${(milliseconds / 1e3).toFixed(1)} s, seed ${seed}: ${wrong} differ`,
  );
  process.exitCode = wrong > 0 ? 1 : 0;
}

void killAndContinue();
