import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJson } from '../../files/parse-json.js';
import { readNamed } from '../../files/read-named.js';
import type { ModelFile } from '../../formats/model-file.js';
import type { Topology } from '../../formats/tfjs/tfjs-format.js';

/** A TensorFlow.js model as its loaders take it from a handler. */
export interface TfjsArtifacts {
  readonly modelTopology: Topology;
  readonly weightSpecs: { readonly name: string; readonly shape: number[]; readonly dtype: 'float32' }[];
  readonly weightData: ArrayBuffer;
  readonly signature?: object | undefined;
  readonly format?: string | undefined;
  readonly userDefinedMetadata?: { readonly network?: unknown } | undefined;
}

/** Returns the folder or the model.json of an open TensorFlow.js model. */
export function modelJsonOf({ path }: ModelFile): string {
  return statSync(path).isDirectory() ? join(path, 'model.json') : path;
}

/** Reads a TensorFlow.js model whole; `openModel` has checked it. @throws RangeError for a missing file */
export async function tfjsArtifacts(file: ModelFile): Promise<TfjsArtifacts> {
  const path = modelJsonOf(file);
  const value = (await readJson('model', path)) as {
    modelTopology: Topology;
    weightsManifest: { paths: string[]; weights: TfjsArtifacts['weightSpecs'] }[];
  };
  const shards: Uint8Array[] = [];
  for (const { paths } of value.weightsManifest)
    for (const shard of paths) shards.push(await readNamed('weights', join(dirname(path), shard)));
  const weightData = new Uint8Array(shards.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const shard of shards) {
    weightData.set(shard, at);
    at += shard.length;
  }
  const { weightsManifest, ...others } = value;
  return {
    ...others,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: weightData.buffer,
  };
}
