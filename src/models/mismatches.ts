import { invalid } from '../errors.js';

type Shapes = ReadonlyMap<string, readonly number[]>;

/** The differences between the expected and the found tensors of a network, in words, by kind. */
export interface Mismatches {
  readonly missing: string[];
  readonly unexpected: string[];
  readonly shapes: string[];
}

/** Returns every name that is missing or not expected, and every shape that differs. */
export function shapeMismatches(expected: Shapes, found: Shapes): Mismatches {
  const mismatches: Mismatches = { missing: [], shapes: [], unexpected: [] };
  for (const [name, shape] of expected) {
    const other = found.get(name);
    if (!other) mismatches.missing.push(`${name} is missing`);
    else if (other.join() !== shape.join()) {
      mismatches.shapes.push(`${name} has shape [${other.join(', ')}], expected [${shape.join(', ')}]`);
    }
  }
  for (const name of found.keys())
    if (!expected.has(name)) mismatches.unexpected.push(`${name} is not expected`);
  return mismatches;
}

/** The most mismatches that are all listed; of more, only the first of each kind. */
const LISTED = 8;

/** @throws RangeError that lists the mismatches: all if they are few, else two, and the number of each kind */
export function checkMismatches(network: string, { missing, shapes, unexpected }: Mismatches): void {
  const all = [...missing, ...shapes, ...unexpected];
  if (all.length === 0) return;
  const count = all.length === 1 ? '1 mismatch' : `${all.length} mismatches`;
  const kinds = { missing, 'of another shape': shapes, 'not expected': unexpected };
  const words =
    all.length <= LISTED
      ? all
      : Object.entries(kinds)
          .filter(([, list]) => list.length > 0)
          .map(
            ([kind, list]) =>
              `${list.length} ${kind} (${list.slice(0, 2).map(shortened).join(', ')}${list.length > 2 ? ', ...' : ''})`,
          );
  throw invalid('weights', count, `the tensors of ${network}: ${words.join('; ')}`);
}

/** Returns the mismatch without the words of its kind. */
function shortened(words: string): string {
  return words.replace(/ is (missing|not expected)$/, '');
}
