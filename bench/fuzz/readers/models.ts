import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layersOf } from '../../../src/formats/layers/layers-of.js';
import { openModel } from '../../../src/formats/open-model.js';
import { crc32 } from 'node:zlib';
import { inputOf, readFolder } from '../input.js';
import { type Reader, type Seed, WrongAnswer } from '../reader.js';

const fixtures = join(__dirname, '../../../test/formats/fixtures');

/** Numbers of a tensor that are read. */
const READ = 2 ** 20;

/** Reads what a model has: names, shapes, all layers, and numbers of each. */
async function readModelIn(place: string): Promise<unknown> {
  const model = await openModel(place);
  try {
    for (const { name, shape, read } of model.tensors) {
      const length = shape.reduce((product, n) => product * n, 1);
      const count = Math.min(length, READ);
      const numbers = await read(length - count, count);
      if (numbers.length !== count)
        throw new WrongAnswer(`gives ${numbers.length} of ${count} numbers of ${name}`);
    }
    const { layers, skipped } = layersOf(model);
    for (const { name, rows, columns, read } of layers) {
      const count = Math.min(rows, Math.max(1, Math.floor(READ / Math.max(1, columns))));
      const width = Math.min(columns, READ);
      const numbers = await read(rows - count, count, columns - width, width);
      if (numbers.length !== count * width)
        throw new WrongAnswer(`gives ${numbers.length} numbers of ${name}`);
    }
    return [model.format, layers.map(({ name, rows, columns }) => [name, rows, columns]), skipped.length];
  } finally {
    model.close();
  }
}

/** Returns a fixture as a seed: a file `model` with its ending, or a folder. */
async function seedOf(name: string): Promise<Seed> {
  const path = join(fixtures, name);
  if (!/\.\w+$/.test(name)) {
    const files = await readFolder(path);
    return { input: { files, words: [] } };
  }
  const ending = /\.\w+$/.exec(name)![0];
  return { input: inputOf({ [`model${ending}`]: Uint8Array.from(readFileSync(path)) }) };
}

/** Reads the one file that is there, or the folder. */
function readHere(): Promise<unknown> {
  const names = readdirSync('.');
  const [only] = names;
  return readModelIn(names.length === 1 && existsSync(only!) ? only! : process.cwd());
}

/** Returns a zip archive whose checksums fit its entries, where these are stored. */
function repairZip(path: string, bytes: Uint8Array): Uint8Array {
  const out = Buffer.from(bytes);
  for (
    let at = out.indexOf('PK\x01\x02');
    at >= 0 && at + 46 <= out.length;
    at = out.indexOf('PK\x01\x02', at + 4)
  ) {
    const local = out.readUInt32LE(at + 42);
    const size = out.readUInt32LE(at + 20);
    if (local + 30 > out.length) continue;
    const start = local + 30 + out.readUInt16LE(local + 26) + out.readUInt16LE(local + 28);
    if (start + size <= out.length) out.writeUInt32LE(crc32(out.subarray(start, start + size)), at + 16);
  }
  return Uint8Array.from(out);
}

const kinds: Readonly<Record<string, readonly string[]>> = {
  safetensors: ['sharded'],
  torch: [
    'state.pt',
    'module.pt',
    'views.pt',
    'quantised.pt',
    'checkpoint.pth',
    'script.pt',
    'frozen.pt',
    'hostile.pt',
  ],
  'torch-legacy': ['state-legacy.pt', 'module-legacy.pt', 'hostile.pkl'],
  onnx: ['net.onnx', 'external'],
  tfjs: ['tfjs-layers', 'tfjs-graph'],
  keras: ['model.keras', 'model.h5', 'half.h5', 'links.h5'],
  numpy: ['arrays.npz', 'packed.npz', 'array.npy'],
};

export const modelReaders: readonly Reader[] = Object.entries(kinds).map(([kind, names]) => ({
  name: `model-${kind}`,
  seeds: () => Promise.all(names.map(seedOf)),
  read: readHere,
  ...(names.some((name) => /\.(pt|keras|npz)$/.test(name)) ? { repair: repairZip } : {}),
}));
