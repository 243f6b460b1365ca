import { invalid, missing, unknown } from '../errors.js';

/**
 * Returns a part of a JSON value, checked.
 * @param path where it stands, for messages: `blocks[2].channels`; empty for the whole
 * @throws RangeError if it is missing or not allowed
 */
export type JsonReader<V> = (value: unknown, path: string) => V;

/** One reader a key. */
export type JsonFields<T> = { readonly [K in keyof T]-?: JsonReader<T[K]> };

/** Reads an object with these keys and no others. */
export function objectOf<T extends object>(fields: JsonFields<T>): JsonReader<T> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw refuse(value, path, `an object with ${Object.keys(fields).join(', ')}`);
    }
    for (const key of Object.keys(value)) {
      if (!(key in fields)) throw unknown(`key${path && ` of ${path}`}`, key, Object.keys(fields));
    }
    const inner = path && `${path}.`;
    const read = ([key, reader]: [string, JsonReader<unknown>]) => [
      key,
      reader((value as Record<string, unknown>)[key], inner + key),
    ];
    return Object.fromEntries(Object.entries<JsonReader<unknown>>(fields).map(read)) as T;
  };
}

/** Reads a list of at least one. */
export function listOf<V>(reader: JsonReader<V>): JsonReader<V[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length === 0) throw refuse(value, path, 'a list of at least one');
    return value.map((item, i) => reader(item, `${path}[${i}]`));
  };
}

/** Reads what the reader reads, and gives the default where there is nothing. */
export function orDefault<V>(reader: JsonReader<V>, fallback: NoInfer<V>): JsonReader<V> {
  return (value, path) => (value === undefined ? fallback : reader(value, path));
}

/** Reads null, or what the reader reads. */
export function orNull<V>(reader: JsonReader<V>): JsonReader<V | null> {
  return (value, path) => (value === null ? null : reader(value, path));
}

/** Reads one of a closed set. */
export function oneOf<V extends string | boolean>(allowed: readonly V[]): JsonReader<V> {
  return (value, path) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw refuse(value, path, allowed.join(', '));
    return found;
  };
}

/** Reads an integer from 1 to `most`. */
export function countTo(most: number): JsonReader<number> {
  return numberThat((x) => Number.isInteger(x) && x >= 1 && x <= most, `an integer from 1 to ${most}`);
}

/** Reads an odd number from 1 to `most`. */
export function oddTo(most: number): JsonReader<number> {
  return numberThat((x) => x % 2 === 1 && x <= most, `an odd number from 1 to ${most}`);
}

/** Reads a number above 0. */
export const positive: JsonReader<number> = numberThat((x) => x > 0 && x < Infinity, 'a number above 0');

/** Reads text that is not empty. */
export const text: JsonReader<string> = (value, path) => {
  if (typeof value !== 'string' || value === '') throw refuse(value, path, 'text');
  return value;
};

function numberThat(holds: (x: number) => boolean, allowed: string): JsonReader<number> {
  return (value, path) => {
    if (typeof value !== 'number' || !holds(value)) throw refuse(value, path, allowed);
    return value;
  };
}

function refuse(value: unknown, path: string, allowed: string): RangeError {
  const thing = path || 'network';
  return value === undefined
    ? missing(thing, 'not given', `allowed: ${allowed}`)
    : invalid(thing, value, allowed);
}
