import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invalid } from '../errors.js';

/** Handles that are open at once while the modules that draw figures are loaded: 96 were measured. */
export const DRAWING_HANDLES = 128;

/**
 * Checks, by opening them, that so many more files can be open at once.
 * @throws RangeError with the number that can
 */
export function requireFileHandles(count: number): void {
  const handles: number[] = [];
  const path = fileURLToPath(import.meta.url);
  try {
    while (handles.length < count) handles.push(openSync(path, 'r'));
  } catch (cause) {
    const allowed = `at least ${count}; raise the limit, as with ulimit -n ${2 ** Math.ceil(Math.log2(count + 64))}`;
    throw Object.assign(invalid('number of files that can be open', handles.length, allowed), { cause });
  } finally {
    for (const handle of handles) closeSync(handle);
  }
}
