import { FileWriteError } from '../../src/files/write-whole.js';
import { Complaint } from './reader.js';

/** The shape of our complaints: `<invalid|unknown|missing> <thing>: <value>`, maybe after the name of a file. */
const shape = /^(.*: )?(invalid|unknown|missing|infeasible) [^:]+.*: .|^cannot write: ./s;

/** What engines, libraries and Node say, not we. */
const raw =
  /Cannot (read|convert|destructure|set|create|mix)|is not (a function|iterable|a constructor|defined)|Invalid (array|typed array|string|array buffer|Array) |call stack|out of memory|\[object |\bat .*:\d+:\d+|\b[A-Z]\w* ?Error: |expects? .* to be|Maximum /;

/** Control characters steer a terminal. */
// eslint-disable-next-line no-control-regex
const control = /[\0-\x08\x0b-\x1f\x7f\u2028\u2029]/;

/** Characters of the longest complaint: a list of mismatches. */
const LONGEST = 200_000;

/**
 * Returns in words how an error is not one of our complaints; undefined for one of ours.
 * @param names of files, of which the complaint has to have one; empty for none
 * @param quotes whether a complaint may quote what an engine says of a person's own code
 */
export function faultOf(error: unknown, names: readonly string[], quotes = false): string | undefined {
  if (!(error instanceof Error)) return `throws no error but ${String(error)}`;
  const { message } = error;
  const ours = [RangeError, TypeError, FileWriteError, Complaint].some((kind) => error instanceof kind);
  if (!ours && error.name !== 'Error') return `throws a ${error.name}`;
  if (!shape.test(message)) return 'throws an error of another shape';
  if (!quotes && raw.test(message)) return 'throws an error in the words of an engine or library';
  if (control.test(message)) return 'throws an error with control characters';
  if (message.length > LONGEST) return `throws an error of ${message.length} characters`;
  if (names.length > 0 && !names.some((name) => message.includes(name)))
    return 'throws an error that does not name the file';
  return undefined;
}

/** Returns where an answer holds a number that is not finite, as a path; undefined if nowhere. */
export function notFinite(answer: unknown, path = 'answer'): string | undefined {
  if (typeof answer === 'number') return Number.isFinite(answer) ? undefined : `${path} is ${answer}`;
  if (typeof answer !== 'object' || answer === null) return undefined;
  for (const [key, value] of Object.entries(answer)) {
    const found = notFinite(value, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
