import * as v from 'valibot';
import { invalid, missing, unknown } from './errors.js';

/**
 * Returns the value as the schema reads it, with defaults filled in. A schema's `message` describes its allowed values;
 * without a message the description is derived from the schema. Unknown keys are reported first, because a misspelt key
 * explains a missing one.
 *
 * @param thing name of the value, for messages about the whole: `network`, `run.json`
 * @throws RangeError `invalid|missing|unknown <path>: <value> (allowed: ...)`, with a path such as `blocks[2].channels`
 * @example
 * readSchema('stem', strict({ channels: countTo(64) }), { channels: 0 });
 * // invalid channels: 0 (allowed: an integer from 1 to 64)
 */
export function readSchema<S extends v.GenericSchema>(
  thing: string,
  schema: S,
  value: unknown,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value, config);
  if (result.success) return result.output;
  const issue = result.issues.find(isUnknownKey) ?? result.issues[0];
  const places = issue.path ?? [];
  if (isUnknownKey(issue)) {
    const parent = pathOf(places.slice(0, -1));
    const owner = parent || thing;
    throw unknown(owner === 'options' ? 'option' : `key of ${owner}`, issue.input, issue.message.split(', '));
  }
  const path = pathOf(places) || thing;
  if (issue.input === undefined) throw missing(path, 'not given', `allowed: ${issue.message}`);
  if (issue.type === 'picklist' && typeof issue.input === 'string')
    throw unknown(path, issue.input, issue.message.split(', '));
  throw invalid(path, issue.input, issue.message);
}

/**
 * Returns the options of a function as the schema reads them, with defaults filled in. An option that is undefined
 * counts as not given.
 *
 * @throws RangeError `unknown option: <key>` or `invalid <key>: <value>`, each with the allowed ones
 * @example
 * const powerLawOptions = strict({ resolution: orElse(numberThat((x) => x >= 0, 'a number >= 0'), 0) });
 * const { resolution } = readOptions(powerLawOptions, options);
 */
export function readOptions<S extends v.GenericSchema>(schema: S, options: unknown): v.InferOutput<S> {
  return readSchema('options', schema, options);
}

/** The schemas of options, one for each key of their type; `satisfies OptionEntries<T>` finds a missing one. */
export type OptionEntries<T> = { readonly [K in keyof T]-?: v.GenericSchema };

/** Reads a value that may be left out, and then is the default. */
export function orElse<S extends v.GenericSchema, const D extends v.InferInput<S>>(schema: S, byDefault: D) {
  // a function given to valibot as a default is called for it
  return v.optional(schema, (typeof byDefault === 'function' ? () => byDefault : byDefault) as never);
}

/** Reads a value that may be left out. */
export const maybe = <S extends v.GenericSchema>(schema: S) => v.optional(schema);

/** Reads a value of any kind, which its user checks. */
export const any = <T>() => v.custom<T>(() => true, 'any value');

/** Reads a value for which the condition holds. */
export function valueThat<T>(holds: (value: unknown) => boolean, allowed: string) {
  return v.custom<T>(holds, allowed);
}

/** Reads true or false. */
export const flag = v.boolean('true, false');

/** Reads a function to call. */
export const callback = <F extends (...args: never[]) => unknown>() =>
  v.custom<F>((value) => typeof value === 'function', 'a function');

/** Reads the signal of an AbortController. */
export const abortSignal = v.custom<AbortSignal>(
  (value) => typeof value === 'object' && value !== null && 'aborted' in value && 'throwIfAborted' in value,
  'an AbortSignal',
);

/** Reads an object with these keys, and ignores others. */
export function loose<const E extends v.ObjectEntries>(entries: E): v.LooseObjectSchema<E, undefined> {
  const message: v.ErrorMessage<v.LooseObjectIssue> = (issue) => {
    const key = issue.path?.at(-1)?.key as string | undefined;
    return key === undefined || !Object.hasOwn(entries, key)
      ? `an object with ${Object.keys(entries).join(', ')}`
      : allowedBy(entries[key] as v.GenericSchema);
  };
  return v.looseObject(entries, message as unknown as undefined);
}

/** Reads an object with these keys and no others; arrays, inherited keys and `__proto__` are refused. */
export function strict<const E extends v.ObjectEntries>(entries: E): v.StrictObjectSchema<E, undefined> {
  const keys = Object.keys(entries).join(', ');
  const message: v.ErrorMessage<v.StrictObjectIssue> = (issue) => {
    const key = issue.path?.at(-1)?.key as string | undefined;
    if (key === undefined) return `an object with ${keys}`;
    return isUnknownKey(issue) ? keys : allowedBy(entries[key] as v.GenericSchema);
  };
  const schema = v.strictObject(entries, message as unknown as undefined);
  const read = schema['~run'].bind(schema);
  const readPlain: typeof read = (dataset, settings) => {
    if (isPlainObject(dataset.value)) return read(dataset, settings);
    v._addIssue(schema, 'type', dataset, settings);
    return dataset as unknown as ReturnType<typeof read>;
  };
  return Object.assign(schema, { '~run': readPlain });
}

/**
 * Reads an object with arbitrary names, at most `max`, into a Map. One schema reads all values. It is a Map because a
 * name may be `__proto__`.
 */
export function mapOf<S extends v.GenericSchema>(item: S, max: number) {
  return v.pipe(
    v.custom<object>(isPlainObject, 'an object with one entry per name'),
    v.check((object) => Object.keys(object).length <= max, `at most ${max} names`),
    v.transform((object): Map<string, unknown> => new Map(Object.entries(object))),
    v.map(v.string(), item),
  );
}

/** Reads a list of `min` to `max` items; its length is checked before its items. */
export function listOf<S extends v.GenericSchema>(item: S, max: number, min = 1) {
  const allowed = `a list of ${min} to ${max}`;
  const fits = ({ length }: readonly unknown[]) => length >= min && length <= max;
  return v.pipe(
    v.custom<unknown[]>((value) => Array.isArray(value) && fits(value), allowed),
    v.array(item),
  );
}

/** Reads an integer from `min`, by default 1, to `max`. */
export function countTo(max: number, min = 1) {
  const allowed = `an integer from ${min} to ${max}`;
  return v.custom<number>(
    (x) => Number.isInteger(x) && (x as number) >= min && (x as number) <= max,
    allowed,
  );
}

/** Reads an integer from `min` to 2^53 - 1. */
export function wholeFrom(min: number) {
  return v.custom<number>((x) => Number.isSafeInteger(x) && (x as number) >= min, `a whole number >= ${min}`);
}

/** Reads a finite number for which the condition holds. */
export function numberThat(holds: (x: number) => boolean, allowed: string) {
  return v.custom<number>((x) => Number.isFinite(x) && holds(x as number), allowed);
}

/** Reads one of a closed set of names or numbers. */
export function oneOf<const V extends string | number>(values: readonly V[]) {
  return v.picklist(values, values.join(', '));
}

/** Reads text of `min`, by default 1, to `max` characters. */
export function textTo(max: number, min = 1) {
  const fits = (value: unknown) => typeof value === 'string' && value.length >= min && value.length <= max;
  return v.custom<string>(fits, `text of ${min} to ${max} characters`);
}

/** Descriptions for schemas without a message. */
const config: v.Config<v.BaseIssue<unknown>> = {
  abortPipeEarly: true,
  message: ({ expected, type }) =>
    words[type] ?? expected?.replace(/^\((.*)\)$/, '$1').replaceAll('"', '') ?? type,
};

const words: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  string: 'text',
  number: 'a number',
  boolean: 'true, false',
  array: 'a list',
  map: 'an object',
  record: 'an object',
  object: 'an object',
  integer: 'an integer',
  finite: 'a finite number',
});

/** Returns the description of the allowed values: the message that the schema gives for a missing value. */
function allowedBy(schema: v.GenericSchema): string {
  return v.safeParse(schema, undefined, config).issues?.[0].message ?? 'a value';
}

function isUnknownKey({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === 'strict_object' && expected === 'never';
}

/** Also true for objects of another realm, as Node's REPL makes them. */
function isPlainObject(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Returns `blocks[2].channels`; names that are not identifiers are quoted. */
function pathOf(places: readonly v.IssuePathItem[]): string {
  return places.reduce((path, { key }) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    if (typeof key !== 'string' || !/^[\w$]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
    return path ? `${path}.${key}` : key;
  }, '');
}
