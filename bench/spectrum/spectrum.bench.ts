// Spectrum and rank: the WebAssembly engine, ml-matrix, numpy and torch on the same float32 features, one thread
// each, in turns of some runs; medians and ratios. On a machine that has other work, `--fastest` takes the fastest run
// of each instead: what others' work adds to a median it adds to nobody's fastest run, given time.
//
//   npx tsx bench/spectrum/spectrum.bench.ts [--python python3] [--seconds 6] [--sizes 64,128x256] [--no-ml-matrix]
//     [--fastest]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Matrix as MlMatrix, SVD } from 'ml-matrix';
import { GramAccumulator } from '../../src/spectrum/wasm/gram/gram-accumulator.js';
import { KernelInstance } from '../../src/kernels/kernel-instance.js';
import { WasmEngine } from '../../src/spectrum/wasm/wasm-engine.js';
import { Reference } from './reference.js';
import { seededFeatures } from './seeded-features.js';

const { values: flags } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    seconds: { type: 'string', default: '6' },
    sizes: { type: 'string', default: '64,128,256,512,1024,512x513' },
    'no-ml-matrix': { type: 'boolean', default: false },
    fastest: { type: 'boolean', default: false },
  },
});

/** Milliseconds of one run. */
type Run = () => number | Promise<number>;

/**
 * The least time of a turn. A processor that slept while the others had theirs needs some milliseconds to wake (its
 * clock, its caches, its place on a shared machine). No program that works without pause pays for that. The first run
 * of a turn of several is not counted for the same reason.
 */
const TURN_MILLISECONDS = 100;
const MAX_RUNS_PER_TURN = 50;

const engine = new WasmEngine();
const instance = new KernelInstance();
const folder = mkdtempSync(join(tmpdir(), 'spectrum-bench-'));
const reference = Reference.start(flags.python);

void main();

async function main(): Promise<void> {
  try {
    const spectra: string[][] = [];
    const ranks: string[][] = [];
    const products: string[][] = [];
    for (const [rows, columns] of flags.sizes.split(',').map(shapeOf)) {
      const medians = await measure(rows, columns);
      const shape = `${rows} x ${columns}`;
      spectra.push(lineOf(shape, medians, 'wasm spectrum', ['torch svd', 'numpy svd', 'ml-matrix svd']));
      ranks.push(lineOf(shape, medians, 'wasm rank', ['torch rank', 'numpy rank']));
      const ours = (rows * (rows + 1) * columns) / medians.get('wasm product')! / 1e6;
      const theirs = medians.get('torch product');
      const torchRate = theirs === undefined ? NaN : (2 * rows * rows * columns) / theirs / 1e6;
      products.push([shape, ours.toFixed(1), torchRate.toFixed(1), (ours / torchRate).toFixed(2)]);
    }
    print(
      `Whole spectrum, ms, ${flags.fastest ? 'fastest' : 'median'} (ratio: ours / theirs)`,
      ['features', 'ours', 'torch', '', 'numpy', '', 'ml-matrix', ''],
      spectra,
    );
    print('Rank at the numpy tolerance, ms', ['features', 'ours', 'torch', '', 'numpy', ''], ranks);
    fitExponent();
    // only now: its compiler brings WebAssembly of its own, and ours would wait behind it to be optimised
    const { peakGigaflops } = await import('./peak.js');
    const peak = await peakGigaflops();
    print(
      `Product, float64 GFLOP/s; this machine's peak at 128 bits: ${peak.toFixed(1)}`,
      ['features', 'ours', 'torch', 'ours/torch', 'ours/peak'],
      products.map((line) => [...line, (Number(line[1]) / peak).toFixed(2)]),
    );
  } finally {
    reference.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds of every contender (the median, or the fastest), run in turns for about `--seconds`. */
async function measure(rows: number, columns: number): Promise<Map<string, number>> {
  const data = seededFeatures(rows * 10007 + columns, rows * columns);
  const matrix = { data, rows, columns };
  const path = join(folder, 'features.f32');
  writeFileSync(path, data);
  const { names } = await reference.load(path, rows, columns);
  const relative = Math.max(rows, columns) * 2 ** -23;
  const runs = new Map<string, Run>([
    ['wasm spectrum', () => timed(() => engine.singularValues(matrix))],
    ['wasm rank', () => timed(() => engine.certifiedCount(matrix, { relative }))],
    ['wasm product', () => timedProduct(matrix)],
  ]);
  for (const name of names) runs.set(name, async () => (await reference.time(name)).milliseconds);
  await check(matrix, names);
  const times = new Map([...runs.keys()].map((name) => [name, [] as number[]]));
  const end = performance.now() + 1000 * Number(flags.seconds);
  // a round of warm-up: kernels are compiled in earnest while they first run
  for (let round = -1; round < 3 || performance.now() < end; round++) {
    for (const [name, run] of runs) {
      const turn = await takeTurn(run);
      if (round >= 0) times.get(name)!.push(...turn);
    }
  }
  if (!flags['no-ml-matrix'])
    times.set(
      'ml-matrix svd',
      [0, 1, 2].slice(rows > 600 ? 2 : 0).map(() => mlMatrix(matrix)),
    );
  const place = (list: number[]) => (flags.fastest ? 0 : list.length >> 1);
  return new Map([...times].map(([name, list]) => [name, list.sort((a, b) => a - b)[place(list)]!]));
}

async function takeTurn(run: Run): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + TURN_MILLISECONDS;
  do times.push(await run());
  while (performance.now() < end && times.length < MAX_RUNS_PER_TURN);
  return times.length > 1 ? times.slice(1) : times;
}

/** The contenders must agree before their times mean anything. */
async function check(
  matrix: { data: Float32Array; rows: number; columns: number },
  names: string[],
): Promise<void> {
  const largest = engine.singularValues(matrix).values[0]!;
  for (const name of names.filter((each) => each.endsWith('svd'))) {
    const [theirs] = (await reference.time(name)).value as number[];
    if (!(Math.abs(theirs! - largest) < 1e-4 * largest))
      throw new Error(`${name} disagrees: ${theirs}, ours ${largest}`);
  }
}

function timed(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function timedProduct(matrix: { data: Float32Array; rows: number; columns: number }): number {
  return timed(() => new GramAccumulator(instance, matrix.rows, 0, 'the product').addColumns(matrix));
}

function mlMatrix({ data, rows, columns }: { data: Float32Array; rows: number; columns: number }): number {
  const matrix = MlMatrix.from1DArray(rows, columns, Array.from(data));
  return timed(
    () =>
      new SVD(matrix, {
        autoTranspose: true,
        computeLeftSingularVectors: false,
        computeRightSingularVectors: false,
      }),
  );
}

function lineOf(shape: string, medians: Map<string, number>, ours: string, theirs: string[]): string[] {
  const own = medians.get(ours)!;
  return [
    shape,
    own.toFixed(3),
    ...theirs.flatMap((name) => {
      const time = medians.get(name);
      return time === undefined
        ? ['-', '-']
        : [time.toFixed(3), (own / time).toFixed(own / time < 0.1 ? 4 : 2)];
    }),
  ];
}

/** The exponent of n in the cost of a spectrum, fitted over n = 256 to 2048. */
function fitExponent(): void {
  const points = [256, 512, 1024, 2048].map((n) => {
    const matrix = { data: seededFeatures(n, 2 * n * n), rows: n, columns: 2 * n };
    const times = Array.from({ length: n > 1000 ? 3 : 9 }, () => timed(() => engine.singularValues(matrix)));
    return [Math.log(n), Math.log(Math.min(...times))] as const;
  });
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const slope =
    points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) /
    points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  console.log(
    `\ncost of an n x 2n spectrum: n^${slope.toFixed(2)}; ms: ${points.map(([, y]) => Math.exp(y).toFixed(1)).join(', ')}`,
  );
}

function shapeOf(text: string): [number, number] {
  const [rows, columns] = text.split('x').map(Number);
  return [rows!, columns ?? 2 * rows!];
}

function print(title: string, head: string[], lines: string[][]): void {
  console.log(`\n${title}`);
  const widths = head.map((_, i) => Math.max(...[head, ...lines].map((line) => line[i]!.length)));
  for (const line of [head, ...lines])
    console.log(line.map((cell, i) => cell.padStart(widths[i]!)).join('  '));
}
