/**
 * One shape for every complaint about input: `<invalid|unknown|missing> <thing>: <value>`, followed by what
 * is allowed. `RangeError` for a value out of range, `TypeError` for a value of the wrong kind.
 */

/** Returns the error for a value that is out of range or malformed; `allowed` says in words what would do. */
export function invalid(thing: string, value: unknown, allowed: string): RangeError {
  return new RangeError(`invalid ${thing}: ${show(value)} (allowed: ${allowed})`);
}

/** Returns the error for a name outside a closed set, with the set. */
export function unknown(thing: string, value: unknown, allowed: Iterable<string>): RangeError {
  return new RangeError(`unknown ${thing}: ${show(value)} (allowed: ${[...allowed].join(', ')})`);
}

/** Returns the error for something that should be there and is not; `remedy` says how to supply it. */
export function missing(thing: string, value: unknown, remedy: string): RangeError {
  return new RangeError(`missing ${thing}: ${show(value)} (${remedy})`);
}

/** Returns what is said by something that was thrown, which need not be an error. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function show(value: unknown): string {
  if (typeof value === 'string') return value === '' ? "''" : value;
  if (typeof value === 'number' || typeof value === 'bigint' || value === undefined) return String(value);
  return JSON.stringify(value) ?? String(value);
}
