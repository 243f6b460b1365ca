import { createHash } from 'node:crypto';
import { inFile } from '../files/in-file.js';
import { readNamed } from '../files/read-named.js';
import { readNpyArray } from '../files/npy.js';
import { readInputs, type InputArray } from '../layers/inputs.js';
import { checkInputs } from '../study/check-inputs.js';
import type { MeasureOptions } from '../study/measure-study.js';
import type { Study } from '../study/study.js';
import type { RunManifest } from '../store/manifest.js';

/**
 * Returns the user's own inputs and their entry for the manifest.
 * @throws RangeError if they cannot be read or do not suffice for the study
 */
export async function readOwnFiles(
  study: Study,
  options: Pick<MeasureOptions, 'activationModule' | 'inputs'>,
): Promise<{ array?: InputArray | undefined; files: RunManifest['files'] }> {
  const files: Record<string, { path: string; sha256: string }> = {};
  const read = async (thing: string, path: string) => {
    const bytes = await readNamed(thing, path);
    files[thing] = { path, sha256: createHash('sha256').update(bytes).digest('hex') };
    return bytes;
  };
  if (options.activationModule !== undefined) await read('activation module', options.activationModule);
  const rule = readInputs(study.protocol.inputs);
  if (options.inputs || !rule || !('file' in rule))
    return { array: checkInputs(study, options.inputs), files };
  const bytes = await read('inputs', rule.file);
  const array = inFile(rule.file, () => {
    const { data, shape } = readNpyArray(bytes);
    return checkInputs(study, { data, shape });
  });
  return { array, files };
}
