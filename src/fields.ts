import { invalid, unknown } from './errors.js';

/**
 * Options as data: each key has a default with its reason, its allowed values and a reader. The command line, study
 * files, the library and the printed documentation all use the same table.
 */
export type Fields<T> = { readonly [K in keyof T]-?: Field<T[K]> };

export interface Field<V> {
  /** The option's meaning, in a phrase. */
  readonly meaning: string;
  readonly default: V;
  /** The reason for the default. */
  readonly why: string;
  /** Description of the allowed values, for error messages and help. */
  readonly allowed: string;
  /** Returns the canonical value, or undefined when the given one is not allowed. Strings are read as flags. */
  readonly read: (value: unknown) => V | undefined;
}

/** Options as they are given: each may be absent or undefined, and then has its default. */
export type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

/**
 * Returns all fields: the given value of each, or else its default.
 * @param thing the owner of the options, for messages: `study`, `protocol`
 * @throws RangeError for an unknown key or a value that is not allowed; TypeError if `given` is not an object
 */
export function resolveFields<T extends object>(thing: string, fields: Fields<T>, given: unknown = {}): T {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(
      `invalid ${thing}: expected an object with the keys ${Object.keys(fields).join(', ')}`,
    );
  }
  for (const key of Object.keys(given))
    if (!Object.hasOwn(fields, key)) throw unknown(`${thing} key`, key, Object.keys(fields));
  const read = ([key, field]: [string, Field<unknown>]) => {
    const value = (given as Record<string, unknown>)[key];
    if (value === undefined) return [key, field.default];
    const result = field.read(value);
    if (result === undefined) throw invalid(key, value, field.allowed);
    return [key, result];
  };
  return Object.fromEntries(Object.entries<Field<unknown>>(fields).map(read)) as T;
}

/** Reads one of a closed set of names. */
export const readName =
  <V extends string>(names: readonly V[]) =>
  (value: unknown): V | undefined =>
    names.find((name) => name === value);

/** Reads a finite number that satisfies the condition; digits in a string count as a number. */
export const readNumber =
  (holds: (value: number) => boolean) =>
  (value: unknown): number | undefined => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) && holds(number) ? number : undefined;
  };

/** Reads true or false. */
export const readBoolean = (value: unknown): boolean | undefined =>
  value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined;

/** Reads a non-empty list without repetitions; one item, or items separated by commas, count as a list. */
export function readList<V>(readItem: (item: unknown) => V | undefined): Field<readonly V[]>['read'] {
  return (value) => {
    const items = Array.isArray(value)
      ? value
      : typeof value === 'string'
        ? value.split(',').map((text) => text.trim())
        : [];
    const read = items.map(readItem);
    return read.length > 0 && read.every((item) => item !== undefined) ? [...new Set(read)] : undefined;
  };
}

/** A notation such as `name` or `name:argument`, with its two parts. */
export interface Notation {
  /** The notation, as it was written. */
  readonly text: string;
  readonly name: string;
  /** The text after the first colon; undefined without one. */
  readonly argument: string | undefined;
}

/** Returns a notation with its parts. */
export function splitNotation(text: string): Notation {
  const colon = text.indexOf(':');
  return colon < 0
    ? { text, name: text, argument: undefined }
    : { text, name: text.slice(0, colon), argument: text.slice(colon + 1) };
}
