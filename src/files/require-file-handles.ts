import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invalid } from '../errors.js';

/** Maximum number of handles open while the drawing modules load; 96 were measured. */
export const DRAWING_HANDLES = 128;

/**
 * Checks that `count` more files can be open at once, by opening them. @throws RangeError with the number that can be
 * opened
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
