import { invalid, missing, unknown } from '../errors.js';
import type { EngineState, EngineNumbers } from './engine.js';

/**
 * Checks that a state has the tensors of an engine, by role and name, and no others.
 * @throws RangeError that names the tensor
 */
export function checkState(
  { steps, tensors }: EngineState,
  own: Readonly<Record<string, ReadonlyMap<string, EngineNumbers>>>,
): void {
  if (!Number.isSafeInteger(steps) || steps < 0) throw invalid('steps', steps, 'a whole number from 0');
  const expected = new Map<string, EngineNumbers>(
    Object.entries(own).flatMap(([role, map]) =>
      [...map].map(([name, data]) => [`${role}/${name}`, data] as const),
    ),
  );
  for (const [name, data] of expected) {
    const found = tensors.get(name);
    if (found === undefined) throw missing('tensor', name, 'a state of the same network and engine has it');
    if (found.constructor !== data.constructor || found.length !== data.length) {
      const kind = ({ constructor, length }: EngineNumbers) => `${constructor.name} of ${length}`;
      throw invalid(`tensor ${name}`, kind(found), kind(data));
    }
  }
  const strange = [...tensors.keys()].find((name) => !expected.has(name));
  if (strange !== undefined) throw unknown('tensor', strange, expected.keys());
}
