import { missing } from '../errors.js';
import { checkOptions } from '../fields.js';

/** @throws RangeError for an unknown option of a run, or one without a folder for it */
export function checkRunOptions(options: { readonly out: string }, known: readonly string[]): void {
  checkOptions(options, known);
  const { out } = options;
  if (typeof out !== 'string' || out === '') throw missing('out', out, 'the folder of the run');
}
