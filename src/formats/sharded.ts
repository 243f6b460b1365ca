import { invalid } from '../errors.js';
import type { ModelFile, NamedTensor } from './model-file.js';

/** Returns the tensors of several files as one model. @throws RangeError for a name in two of them */
export async function openSharded(
  paths: readonly string[],
  openFile: (path: string) => Promise<ModelFile>,
): Promise<ModelFile> {
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
    return {
      ...shards[0]!,
      tensors: [...tensors.values()],
      skipped: shards.flatMap(({ skipped }) => skipped),
      notes: shards.flatMap(({ notes }) => notes),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
