import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { invalid, missing } from '../errors.js';
import { firstOf } from '../lookups.js';
import { readJson } from '../files/parse-json.js';
import { inFile } from '../files/in-file.js';
import { loose, mapOf, readSchema, textTo } from '../schema.js';
import type { ModelFile, NamedTensor } from './model-file.js';
import { withScales } from './with-scales.js';

type OpenFile = (path: string) => Promise<ModelFile>;

/** Shards of a model; each is an open file. */
const MAX_SHARDS = 10_000;

const shardName = v.pipe(
  textTo(1000),
  v.check((name) => !/[/\\:\0]/.test(name) && name !== '..', 'the name of a file beside the index'),
);
const indexSchema = loose({ weight_map: mapOf(shardName, 1_000_000) });

/**
 * Returns the model of an index, `model.safetensors.index.json`: the tensors of all files that it names.
 * @throws RangeError for a file that is missing, or a tensor that is not where the index says
 */
export async function openIndex(path: string, openFile: OpenFile): Promise<ModelFile> {
  const value = await readJson('index', path);
  const { weight_map: map } = inFile(path, () => readSchema('index', indexSchema, value));
  const files = [...new Set(map.values())].sort();
  const model = await openSharded(
    files.map((file) => join(dirname(path), file)),
    openFile,
  );
  const found = new Set([...model.tensors.flatMap(namesOf), ...model.skipped.map(({ name }) => name)]);
  const lost = [...map.keys()].find((name) => !found.has(name));
  if (lost === undefined) return model;
  model.close();
  throw missing('tensor', lost, `expected in ${map.get(lost)}, as ${path} says`);
}

/** Returns the tensors of several files as one model. @throws RangeError for a name in two of them */
export async function openSharded(paths: readonly string[], openFile: OpenFile): Promise<ModelFile> {
  if (paths.length === 0 || paths.length > MAX_SHARDS)
    throw invalid('number of files of a model', paths.length, `1 to ${MAX_SHARDS}`);
  const shards: ModelFile[] = [];
  const close = () => shards.forEach((shard) => shard.close());
  try {
    for (const path of paths) shards.push(await openFile(path));
    const tensors = new Map<string, NamedTensor>();
    for (const { tensors: own, path } of shards)
      for (const tensor of own) {
        if (tensors.has(tensor.name))
          throw invalid('tensor', `${tensor.name} again in ${path}`, 'each name once');
        tensors.set(tensor.name, tensor);
      }
    // a scale may lie in another file than its weight
    return await withScales({
      ...firstOf(shards),
      tensors: [...tensors.values()],
      skipped: shards.flatMap(({ skipped }) => skipped),
      notes: shards.flatMap(({ notes }) => notes),
      close,
    });
  } catch (error) {
    close();
    throw error;
  }
}

function namesOf({ name, aliases }: NamedTensor): string[] {
  return [name, ...aliases];
}
