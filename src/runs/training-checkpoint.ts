import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { invalid } from '../errors.js';
import { inFile } from '../files/in-file.js';
import { readJson } from '../files/parse-json.js';
import { countTo, listOf, numberThat, oneOf, readSchema, strict, textTo } from '../schema.js';
import { checksumOf, damagedFile } from '../store/folder/checksum.js';
import { writeDurably } from '../store/folder/durable.js';
import type { Checkpoint } from '../training/checkpoint.js';
import type { EngineNumbers } from '../training/engine.js';
import { trainingEngineNames } from '../training/training-engines.js';
import type { EpochRow } from '../training/training-rows.js';

const INDEX = 'checkpoint.json';
const REMEDY = '--overwrite trains anew';

/** Names of the files below, as regular expressions. */
export const checkpointFiles = ['checkpoint\\.json', 'checkpoint-\\d+-\\d+\\.bin'];

/**
 * Writes a checkpoint into the folder of a run. Its numbers are a file of their own; `checkpoint.json`, written after
 * it, has their checksum and the position. Until that is written the earlier checkpoint is the run's.
 * @throws FileWriteError
 */
export async function writeCheckpoint(
  folder: string,
  { engine, position, state }: Checkpoint,
): Promise<void> {
  const tensors = [...state.tensors];
  const bytes = Buffer.concat(
    tensors.map(([, { buffer, byteOffset, byteLength }]) => Buffer.from(buffer, byteOffset, byteLength)),
  );
  const file = `checkpoint-${position.epochs}-${position.steps}.bin`;
  await writeDurably(join(folder, file), bytes);
  const index = {
    ...{ format: 1, file, sha256: checksumOf(bytes), engine, engineSteps: state.steps, position },
    tensors: tensors.map(([name, data]) => ({ name, type: typeOf(data), length: data.length })),
  };
  await writeDurably(join(folder, INDEX), `${JSON.stringify(index)}\n`);
  for (const name of await readdir(folder))
    if (/^checkpoint-\d+-\d+\.bin$/.test(name) && name !== file)
      await rm(join(folder, name), { force: true });
}

/**
 * Returns the checkpoint of a run, or undefined if it has none yet.
 * @throws RangeError that names a damaged file
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const path = join(folder, INDEX);
  if (!(await readdir(folder)).includes(INDEX)) return undefined;
  const value = await readJson('checkpoint', path);
  const { file, sha256, engine, engineSteps, position, tensors } = inFile(path, () =>
    readSchema('checkpoint', schema, value),
  );
  const place = join(folder, file);
  const bytes = await readFile(place).catch(() => undefined);
  if (bytes === undefined || checksumOf(bytes) !== sha256) throw damagedFile(place, sha256, REMEDY);
  const size = tensors.reduce((sum, { type, length }) => sum + types[type].BYTES_PER_ELEMENT * length, 0);
  if (size !== bytes.length)
    throw invalid('checkpoint', `${bytes.length} bytes in ${place}`, `${size} bytes`);
  const map = new Map<string, EngineNumbers>();
  let at = 0;
  for (const { name, type, length } of tensors) {
    const end = at + types[type].BYTES_PER_ELEMENT * length;
    map.set(name, new types[type](Uint8Array.from(bytes.subarray(at, end)).buffer));
    at = end;
  }
  return { engine, position, state: { steps: engineSteps, tensors: map } };
}

const types = { float32: Float32Array, float64: Float64Array } as const;

function typeOf(data: EngineNumbers): keyof typeof types {
  return data instanceof Float32Array ? 'float32' : 'float64';
}

const any = numberThat(() => true, 'a finite number');
const MAX_COUNT = Number.MAX_SAFE_INTEGER;
const rankSchema = strict({
  layer: textTo(200),
  tap: oneOf(['expand', 'spatial', 'project', 'output']),
  ...{ channels: any, positions: any, rank: any, rankRatio: any, effectiveRank: any },
  tolerance: textTo(200),
});
const rowSchema = strict({
  epoch: countTo(MAX_COUNT),
  ...{ learningRate: any, trainLoss: any, trainAccuracy: any, testLoss: any, testAccuracy: any },
  ...{ seconds: any, imagesPerSecond: any },
  ranks: v.nullable(listOf(rankSchema, 1e6, 0)),
});
const schema = strict({
  format: v.literal(1, '1'),
  file: v.pipe(v.string(), v.regex(/^checkpoint-\d+-\d+\.bin$/, 'the name of a checkpoint in this folder')),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'a SHA-256')),
  engine: oneOf(trainingEngineNames),
  engineSteps: countTo(MAX_COUNT, 0),
  position: strict({
    epochs: countTo(MAX_COUNT, 0),
    steps: countTo(MAX_COUNT, 0),
    ...{ lossSum: any, correct: countTo(MAX_COUNT, 0), seconds: any },
    rows: listOf(rowSchema as v.GenericSchema<unknown, EpochRow>, 10_000, 0),
  }),
  tensors: listOf(
    strict({ name: textTo(255), type: oneOf(['float32', 'float64']), length: countTo(MAX_COUNT, 0) }),
    1e6,
  ),
});
