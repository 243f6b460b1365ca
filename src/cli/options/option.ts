/** A flag of a command, as data: the source of its help, checks, completion and value type. */
export interface Option {
  /**
   * A `switch` has no value (`--name` or `--no-name`), and a `text` has one. A `list` has any number, joined by commas
   * or repeated.
   */
  readonly kind: 'switch' | 'text' | 'list';
  readonly describe: string;
  /** Description of the default, for help. */
  readonly default?: string | undefined;
  /** The heading in help. */
  readonly group?: string | undefined;
  readonly required?: boolean | undefined;
  /** Values that completion offers. */
  readonly values?: readonly string[] | undefined;
  /** Refuse other values; the value then has the type of `values`. */
  readonly closed?: boolean | undefined;
  /** Splits the text of a list; by default at commas. */
  readonly split?: ((text: string) => string[]) | undefined;
}

/** The flags of a command; `warmUp` is `--warm-up`. */
export type Options = Readonly<Record<string, Option>>;

/** The values given on a command line; missing ones are undefined. */
export type OptionValues<O extends Options> = {
  readonly [Name in keyof O]:
    | { switch: boolean; text: TextOf<O[Name]>; list: TextOf<O[Name]>[] }[O[Name]['kind']]
    | (O[Name] extends { readonly required: true } ? never : undefined);
};

type TextOf<O extends Option> = O extends { readonly closed: true; readonly values: readonly (infer V)[] }
  ? V
  : string;

/** Returns a flag that takes a text; the command reads it. */
export function text<const D extends Details>(describe: string, details?: D): Made<'text', D> {
  return { kind: 'text', describe, ...(details as D) };
}

/** Returns a flag that takes values joined by commas, and may be repeated. */
export function list<const D extends Details>(describe: string, details?: D): Made<'list', D> {
  return { kind: 'list', describe, ...(details as D) };
}

/** Returns a flag that takes one of a closed set of names. */
export function choice<const V extends string, const D extends Details>(
  describe: string,
  values: readonly V[],
  details?: D,
): Made<'text', D> & Closed<V> {
  return { kind: 'text', describe, values, closed: true, ...(details as D) };
}

/** Returns a flag that takes several of a closed set of names, joined by commas or repeated. */
export function choices<const V extends string, const D extends Details>(
  describe: string,
  values: readonly V[],
  details?: D,
): Made<'list', D> & Closed<V> {
  return { kind: 'list', describe, values, closed: true, ...(details as D) };
}

/** Returns a flag without a value. */
export function toggle<const D extends Details>(describe: string, details?: D): Made<'switch', D> {
  return { kind: 'switch', describe, ...(details as D) };
}

type Details = Omit<Option, 'kind' | 'describe'>;
type Closed<V> = { readonly values: readonly V[]; readonly closed: true };
type Made<K extends Option['kind'], D> = { readonly kind: K; readonly describe: string } & D;

/** Returns the flag of an option without its dashes: `warm-up` of `warmUp`. */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Returns the flags of one of a command's options. A list has a singular and a plural form, since one value reads better
 * in the singular. A form that is another option's own flag is that option's only.
 */
export function flagsOf(name: string, { kind }: Option, options: Options): string[] {
  const flag = flagOf(name);
  if (kind !== 'list') return [flag];
  const other = flag.endsWith('s') ? flag.slice(0, -1) : `${flag}s`;
  return Object.keys(options).some((one) => flagOf(one) === other) ? [flag] : [flag, other];
}
