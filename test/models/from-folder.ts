import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';

/** The model as a page that fetches it would hand it over. */
export function fromFolder(path: string): tf.io.IOHandler {
  return {
    load: async () => {
      const model = JSON.parse(await readFile(join(path, 'model.json'), 'utf8')) as tf.io.ModelJSON;
      return tf.io.getModelArtifactsForJSON(model, async (manifest) => {
        const paths = manifest.flatMap((group) => group.paths);
        const parts = await Promise.all(paths.map((name) => readFile(join(path, name))));
        const all = Buffer.concat(parts);
        const weights = new Uint8Array(all).buffer;
        return [manifest.flatMap((group) => group.weights), weights];
      });
    },
  };
}
