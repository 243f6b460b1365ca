import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { loadNetwork } from '../../../src/models/network-files.js';
import { readTrainingRows, readUntrainedRanks } from '../../../src/runs/training-run.js';
import type { EpochRow } from '../../../src/training/training-rows.js';
import { writeStripes } from '../../training/small-images.js';
import { rankscope, rankscopeInTurn, startRankscope } from '../rankscope.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-train-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const data = writeStripes(join(folder, 'data'), 320);
const recipe = join(folder, 'recipe.json');
writeFileSync(recipe, JSON.stringify({ epochs: 3, batch: 16, flip: true, learningRate: 0.1 }));
const base = ['train', 'cifar:3-4', '--data', data, '--resolution', '8', '--recipe', recipe, '--no-flip'];
const ranked = ['--ranks', '--tolerance', 'relative:0.01'];
const quick = [...base, ...ranked, '--formats', 'svg', '--checkpoint-seconds', '0'];
const whole = join(folder, 'whole');

/** Begins or continues the training, and ends it by a signal once its checkpoint has at least `steps` steps. */
async function endAfter(out: string, steps: number, signal: NodeJS.Signals) {
  const child = startRankscope([...quick, '--out', out, '--resume']);
  let printed = '';
  child.stdout.on('data', (some: Buffer) => (printed += some.toString()));
  const timer = setInterval(() => {
    const names = existsSync(out) ? readdirSync(out) : [];
    const places = names
      .map((name) => /^checkpoint-(\d+)-(\d+)\.bin$/.exec(name))
      .filter((found) => found !== null);
    if (!places.some(([, epochs, own]) => 20 * Number(epochs) + Number(own) >= steps)) return;
    clearInterval(timer);
    child.kill(signal);
  }, 2);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(timer);
  return { code, printed };
}

describe('rankscope train', () => {
  it('trains, keeps rows, curves and the network, and ends with the results', async () => {
    const { stdout, stderr, status } = rankscope([...quick, '--out', whole]);
    expect([status, stderr.match(/^epoch \d\/3: loss .*, test accuracy .*%$/gm)?.length]).toEqual([0, 3]);
    expect(stdout).toMatch(
      /^epoch +rate +loss +accuracy +test loss +test accuracy +images\/s +rank\n-+\n1 .*\n2 /,
    );
    expect(stdout).toMatch(
      /\nrank: mean rank ratio of all layers at relative:0.01, [01]\.\d\d before training\n/,
    );
    expect(stdout).toMatch(/\ncomplete: test accuracy [\d.]+%, test loss [\d.]+, \d+ images\/s\n$/);
    const lines = `${stdout}${stderr}`.split('\n').filter((line) => !line.includes(whole));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const rows = await readTrainingRows(whole);
    expect(rows.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(rows.at(-1)!.testAccuracy).toBeGreaterThan(0.8);
    const taps = (ranks: EpochRow['ranks']) => ranks!.map(({ layer, tap }) => `${layer} ${tap}`);
    const before = await readUntrainedRanks(whole);
    expect(taps(before)).toContain('block1.project output');
    for (const { ranks } of rows) expect(taps(ranks)).toEqual(taps(before));
    expect(rows.at(-1)!.ranks).not.toEqual(before);
    const { network } = await loadNetwork(join(whole, 'model'));
    expect([network.resolution, network.head.classes]).toEqual([8, 3]);
    expect(readdirSync(whole)).toEqual(expect.arrayContaining(['training.svg', 'checkpoint-3-0.bin']));
    const { spec, files } = JSON.parse(readFileSync(join(whole, 'run.json'), 'utf8')) as {
      spec: { recipe: object; data: object };
      files: { data: { sha256: string } };
    };
    expect(spec.recipe).toMatchObject({ epochs: 3, flip: false, momentum: 0.9 });
    expect(spec.data).toMatchObject({ trainImages: 320, testImages: 40, split: 'as stored' });
    expect(files.data.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives the same bits when it is killed and resumed', { timeout: 120_000 }, async () => {
    const out = join(folder, 'killed');
    const weights = (run: string) => readFileSync(join(run, 'model/group1-shard1of1.bin'));
    const stopped = await endAfter(out, 2, 'SIGINT');
    expect([stopped.code, stopped.printed]).toEqual([130, expect.stringMatching(/\nstopped: /)]);
    await endAfter(out, 30, 'SIGKILL');
    const { stdout, stderr, status } = rankscope([...quick, '--out', out, '--resume', '--json']);
    expect([status, stderr]).toEqual([0, expect.stringContaining('model.json')]);
    expect(weights(out).equals(weights(whole))).toBe(true);
    const said = JSON.parse(stdout) as { testAccuracy: number; epochs: { testLoss: number }[] };
    expect(said).toMatchObject({ network: 'cifar:3-4', state: 'complete', recipe: { epochs: 3 } });
    expect(said).toHaveProperty('imagesPerSecond');
    const rows = await readTrainingRows(whole);
    expect(said.epochs.map(({ testLoss }) => testLoss)).toEqual(rows.map(({ testLoss }) => testLoss));
    expect(said).toHaveProperty('untrainedRanks', await readUntrainedRanks(whole));
    expect(said.testAccuracy).toBe(rows.at(-1)!.testAccuracy);
  });

  it('refuses what it cannot do, and changes nothing', () => {
    const before = readFileSync(join(whole, 'run.json'), 'utf8');
    const unborn = join(folder, 'unborn');
    const checked: [string[], RegExp][] = [
      [['train', 'cifar:3-4'], /missing .*data/],
      [[...base, '--out', whole], /invalid output folder: .*--overwrite/],
      [
        [...base, '--out', whole, '--resume', '--seed', '1'],
        /invalid seed: 1 \(allowed: 0, that of the run in/,
      ],
      [[...base, '--resume'], /invalid flag: --resume \(allowed: only with --out\)/],
      [[...base, '--epochs', '0'], /invalid epochs: 0 \(allowed: a whole number from 1/],
      [['train', 'cifar:3-4', '--data', join(folder, 'gone')], /missing training data: .*gone/],
      [[...base, '--tolerance', 'numpy'], /only with --ranks/],
      [
        [...base, '--batch', '65000', '--average', '0.9'],
        /invalid batch: 65000, .*GiB \(allowed: at most \d+/,
      ],
      [[...base.slice(0, -1), '--test-share', '0.5'], /invalid test share: 0.5 \(allowed: none for/],
      [[...base.slice(0, -3), '--recipe', data], /recipe file/],
      [[...base, '--batch', '321', '--out', unborn], /invalid batch: 321 \(allowed: at most 320/],
      [[...base, '--engine', 'tfjs', '--out', unborn], /missing gradients: Conv2DBackpropFilter/],
    ];

    for (const [i, { stderr, status }] of rankscopeInTurn(checked.map(([words]) => words)).entries()) {
      expect([status, stderr]).toEqual([1, expect.stringMatching(checked[i]![1])]);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(readFileSync(join(whole, 'run.json'), 'utf8')).toBe(before);
    expect(existsSync(unborn)).toBe(false);
  });

  it('names a damaged checkpoint', () => {
    const run = join(folder, 'damaged');
    cpSync(whole, run, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as object;
    writeFileSync(join(run, 'run.json'), JSON.stringify({ ...manifest, state: 'stopped', sha256: {} }));
    rmSync(join(run, 'rows.parquet'));
    writeFileSync(join(run, 'checkpoint-3-0.bin'), 'other');
    const { stderr, status } = rankscope([...quick, '--out', run, '--resume']);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/checkpoint-3-0.bin .*damaged/)]);
  });

  it('takes the recipe of ImageNet, from a folder of photographs to scores', async () => {
    const photos = join(folder, 'photos');
    for (const [name, level] of [
      ['dark', 40],
      ['light', 200],
    ] as const) {
      mkdirSync(join(photos, name), { recursive: true });
      for (let i = 0; i < 12; i++) {
        const pixels = Uint8Array.from({ length: 300 }, (_, k) => level + ((7 * i + 11 * k) % 40));
        await sharp(pixels, { raw: { width: 10, height: 10, channels: 3 } })
          .png()
          .toFile(join(photos, name, `${i}.png`));
      }
    }
    const file = join(__dirname, '../../../docs/recipes/imagenet.json');
    const out = join(folder, 'imagenet');
    const smaller = ['--epochs', '3', '--batch', '6', '--warm-up', '0', '--learning-rate', '0.05'];
    const where = ['--data', photos, '--test-share', '0.25', '--resolution', '8', '--out', out];
    const { stdout, status } = rankscope(['train', 'cifar:3-4', ...where, '--recipe', file, ...smaller]);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/\ncomplete: test accuracy [\d.]+%/)]);
    const { spec } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as {
      spec: { recipe: object; data: object };
    };
    const own = JSON.parse(readFileSync(file, 'utf8')) as object;
    expect(spec.recipe).toMatchObject({ ...own, epochs: 3, batch: 6, warmUp: 0, learningRate: 0.05 });
    expect(spec.data).toMatchObject({ classes: ['dark', 'light'], trainImages: 18, testImages: 6 });
  });
});
