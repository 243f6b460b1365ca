import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { invalid, messageOf } from '../errors.js';
import type { Activation } from '../layers/activations.js';

/**
 * Returns the activations of a user's module: its exported functions by name, or none without a module.
 * @param path of an ES or CommonJS module, relative to the working directory
 * @throws RangeError if the module cannot be loaded or exports no function
 */
export async function loadActivations(path?: string): Promise<Readonly<Record<string, Activation>>> {
  if (path === undefined) return {};
  let exported: Record<string, unknown>;
  try {
    exported = (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
  } catch (cause) {
    const reason = messageOf(cause).split('\n')[0];
    throw new RangeError(`invalid activation module: ${path} (it does not load: ${reason})`, { cause });
  }
  const functions = Object.entries(exported).filter(
    ([name, value]) => typeof value === 'function' && name !== 'default' && name !== 'module.exports',
  );
  if (functions.length === 0)
    throw invalid('activation module', path, 'a module that exports functions of a tensor');
  return Object.fromEntries(functions) as Record<string, Activation>;
}
