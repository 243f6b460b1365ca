// The weights of models: a small one beside what WeightWatcher computes, a large matrix from a file, the largest spectra
// beside numpy and torch, and a part of a model of seven billion weights. All on one thread; processor time, so that other
// work on the machine counts little.
//
//   npx tsx bench/weights/weights.bench.ts [--python python3] [--model FILE] [--parts model,large,square,7b]
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { layersOf } from '../../src/formats/layers/layers-of.js';
import { openModel } from '../../src/formats/open-model.js';
import { createStream, fillNormal } from '../../src/index.js';
import { WasmEngine } from '../../src/spectrum/wasm/wasm-engine.js';

const { values: flags } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    /** For example `mobilenet_v2.json` of nsfwjs, as test/formats/fetch-models.mjs fetches it. */
    model: { type: 'string' },
    parts: { type: 'string', default: 'model,large,square,7b' },
    rounds: { type: 'string', default: '3' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'weights-bench-'));
const python = spawn(flags.python, [join(__dirname, 'reference.py')]);
python.on('error', () => undefined);
python.stdin.on('error', () => undefined);
const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();

const parts: Readonly<Record<string, () => Promise<void>>> = { model, large, square, '7b': sevenBillion };
void main();

async function main(): Promise<void> {
  try {
    for (const part of flags.parts.split(',')) await parts[part]!();
  } finally {
    python.kill();
    rmSync(folder, { recursive: true });
  }
}

async function model(): Promise<void> {
  if (flags.model === undefined) return console.log('model: left out, since --model names none');
  const file = await openModel(flags.model);
  const { layers } = layersOf(file);
  const paths: string[] = [];
  for (const [i, layer] of layers.entries()) {
    const path = join(folder, `${i}.npy`);
    writeNpy(path, Float32Array.from(await layer.read(0, layer.rows)), layer.rows, layer.columns);
    paths.push(path);
  }
  file.close();
  const [own, theirs]: [number[], number[]] = [[], []];
  let by = 'nothing';
  for (let round = 0; round < Number(flags.rounds); round++) {
    own.push(measure(flags.model).seconds);
    const answer = await ask<{ seconds: number; by: string }>({ analyse: paths });
    if (answer) theirs.push(answer.seconds);
    by = answer?.by ?? by;
  }
  const [ours, other] = [Math.min(...own), Math.min(...theirs)];
  console.log(
    `model, ${layers.length} layers with metrics and twin: ${ours.toFixed(2)} s; ${by} ${other.toFixed(2)} s`,
  );
  console.log(`  ratio ${(ours / other).toFixed(3)}`);
}

async function large(): Promise<void> {
  const path = join(folder, 'large.safetensors');
  writeBfloat16(path, { 'down.weight': [4096, 11008] });
  for (const baseline of ['none', 'permuted']) {
    const { seconds, megabytes } = measure(path, '--baseline', baseline);
    console.log(
      `4096 x 11008 bfloat16 from file, baseline ${baseline}: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`,
    );
  }
}

async function square(): Promise<void> {
  const n = 4096;
  const data = fillNormal(createStream(0, 'square'), new Float32Array(n * n));
  const path = join(folder, 'square.npy');
  writeNpy(path, data, n, n);
  const engine = new WasmEngine();
  engine.singularValues({ data: data.subarray(0, 2 ** 20), rows: 1024, columns: 1024 }); // compiles the kernels in earnest
  const times = new Map<string, number>();
  const note = (name: string, seconds: number) =>
    times.set(name, Math.min(seconds, times.get(name) ?? Infinity));
  const { names } = (await ask<{ names: string[] }>({ names: true })) ?? { names: [] };
  for (let round = 0; round < Number(flags.rounds); round++) {
    const begin = process.cpuUsage();
    engine.singularValues({ data, rows: n, columns: n });
    note('ours', process.cpuUsage(begin).user / 1e6);
    for (const by of names) note(by, (await ask<{ seconds: number }>({ svd: path, by }))!.seconds);
  }
  const ours = times.get('ours')!;
  const words = [...times].map(([name, s]) => `${name} ${s.toFixed(1)} s (${(ours / s).toFixed(2)})`);
  console.log(`${n} x ${n} float32, fastest of ${flags.rounds}: ${words.join(', ')}`);
}

/** The shapes of a model of seven billion weights; all but the first block is a hole in the file. */
async function sevenBillion(): Promise<void> {
  const block = (i: number): [string, [number, number]][] => [
    ...['q', 'k', 'v', 'o'].map((name): [string, [number, number]] => [
      `model.layers.${i}.self_attn.${name}_proj.weight`,
      [4096, 4096],
    ]),
    ...['gate', 'up'].map((name): [string, [number, number]] => [
      `model.layers.${i}.mlp.${name}_proj.weight`,
      [11008, 4096],
    ]),
    [`model.layers.${i}.mlp.down_proj.weight`, [4096, 11008]],
  ];
  const shapes = Object.fromEntries([
    ...Array.from({ length: 32 }, (_, i) => block(i)).flat(),
    ['model.embed_tokens.weight', [32000, 4096]],
    ['lm_head.weight', [32000, 4096]],
  ]) as Record<string, [number, number]>;
  const path = join(folder, '7b.safetensors');
  writeBfloat16(path, shapes, (name) => name.startsWith('model.layers.0.') || name === 'lm_head.weight');
  const run = ['--layers', 'model.layers.0.*', '--out', join(folder, 'run')];
  const first = measure(path, ...run, '--stop-after', '3');
  const rest = measure(path, ...run);
  const head = measure(path, '--layers', 'lm_head.weight');
  const hours = (32 * (first.seconds + rest.seconds) + 2 * head.seconds) / 3600;
  console.log(
    `7B: block 0, stopped after ${first.layers.length} of 7 layers and continued with ${rest.layers.length}`,
  );
  for (const { name, seconds } of [...first.layers, ...rest.layers, ...head.layers])
    console.log(`  ${name}: ${seconds.toFixed(1)} s`);
  const most = [first, rest, head].map(({ megabytes }) => `${megabytes.toFixed(0)} MB`);
  console.log(`  ${most.join(', ')}; all 226 layers: ${hours.toFixed(1)} hours of one core`);
}

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
  readonly layers: readonly { name: string; seconds: number }[];
}

function measure(...words: string[]): Measured {
  const script = join(__dirname, 'measure-file.ts');
  const tsx = join(__dirname, '../../node_modules/tsx/dist/cli.mjs');
  return JSON.parse(
    execFileSync(process.execPath, [tsx, script, ...words], { encoding: 'utf8' }),
  ) as Measured;
}

/** Returns what the Python process answers; undefined where there is none. */
async function ask<T>(request: object): Promise<T | undefined> {
  python.stdin.write(`${JSON.stringify(request)}\n`);
  const { value, done } = await lines.next();
  return done ? undefined : (JSON.parse(value) as T);
}

function writeNpy(path: string, data: Float32Array, rows: number, columns: number): void {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const text = `${header.padEnd(117)}\n`;
  const start = Buffer.from(`\u0093NUMPY\u0001\0\u0076\0${text}`, 'latin1');
  writeFileSync(path, Buffer.concat([start, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]));
}

/** Writes normal bfloat16 numbers; tensors that are not drawn are holes. */
function writeBfloat16(
  path: string,
  shapes: Record<string, [number, number]>,
  isDrawn = (_: string) => true,
): void {
  let end = 0;
  const header = Object.entries(shapes).map(([name, shape]) => {
    const from = end;
    end += 2 * shape[0] * shape[1];
    return [name, { dtype: 'BF16', shape, data_offsets: [from, end] }] as const;
  });
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = openSync(path, 'w');
  writeSync(file, Buffer.concat([length, text]));
  ftruncateSync(file, 8 + text.length + end);
  const piece = new Float32Array(2 ** 20);
  for (const [name, { data_offsets: offsets }] of header) {
    if (!isDrawn(name)) continue;
    const stream = createStream(0, name);
    for (let at = offsets[0]!; at < offsets[1]!; at += 2 * piece.length) {
      fillNormal(stream, piece, 0.02);
      const upper = Uint16Array.from(new Uint32Array(piece.buffer), (bits) => (bits + 0x8000) >>> 16);
      const bytes = new Uint8Array(upper.buffer, 0, Math.min(upper.byteLength, offsets[1]! - at));
      writeSync(file, bytes, 0, bytes.length, 8 + text.length + at);
    }
  }
  closeSync(file);
}
