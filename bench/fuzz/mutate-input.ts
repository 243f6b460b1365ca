import { nextInteger } from '../../src/random/distributions.js';
import type { Stream } from '../../src/random/stream.js';
import { chance, pick } from './choices.js';
import type { Input } from './input.js';
import { mutateBytes } from './mutate-bytes.js';
import { mutateJson } from './mutate-json.js';
import { mutateWords } from './mutate-words.js';

/** Returns an input that differs from the given one in one to four places. */
export function mutateInput(stream: Stream, given: Input, others: readonly Input[]): Input {
  let input = given;
  let count = 1;
  while (count < 4 && chance(stream, 0.3)) count++;
  for (; count > 0; count--) input = mutateOnce(stream, input, others);
  return input;
}

function mutateOnce(stream: Stream, input: Input, others: readonly Input[]): Input {
  const { files, words } = input;
  if (files.size === 0 || (words.length > 0 && chance(stream, 0.9)))
    return { files, words: mutateWords(stream, words, pick(stream, others).words) };
  const path = pick(stream, [...files.keys()]);
  const changed = new Map(files);
  if (files.size > 1 && chance(stream, 0.15)) changeFolder(stream, changed, path);
  else changed.set(path, mutateFile(stream, path, files.get(path) ?? new Uint8Array(), others));
  return { files: changed, words };
}

/** Removes, renames, empties, exchanges a file, or puts a folder in its place. */
function changeFolder(stream: Stream, files: Map<string, Uint8Array | null>, path: string): void {
  const content = files.get(path)!;
  const other = pick(stream, [...files.keys()]);
  const mutations = [
    () => files.delete(path),
    () => files.delete(path) && files.set(`${path}.bak`, content),
    () => files.set(path, null),
    () => files.set(path, new Uint8Array()),
    () => files.set(path, files.get(other)!),
    () => files.set(path.replace(/(\.\w+)?$/, '-2$1'), content),
  ];
  pick(stream, mutations)();
}

function mutateFile(stream: Stream, path: string, bytes: Uint8Array, others: readonly Input[]): Uint8Array {
  if (path.endsWith('.json') && chance(stream, 0.75)) {
    try {
      return new TextEncoder().encode(mutateJson(stream, new TextDecoder().decode(bytes)));
    } catch {
      // an earlier change made it no JSON, or too deep to walk
    }
  }
  const parts = others.map(({ files }) => files.get(path) ?? new Uint8Array());
  return mutateBytes(stream, bytes, parts.slice(0, nextInteger(stream, 1, 8)));
}
