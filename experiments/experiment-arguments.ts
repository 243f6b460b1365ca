import { parseArgs } from 'node:util';

/** What an experiment can be asked for on its command line. */
export interface ExperimentArguments {
  /** The experiment's folder in figures/. */
  readonly name: string;
  /** Its sizes by flag, as in the figure that is kept: `{ layers: 40 }` gives `--layers N`. */
  readonly full?: Readonly<Record<string, number>>;
  /** Its sizes where none is asked for, if those are not the full ones; `--full` then asks for these. */
  readonly usual?: Readonly<Record<string, number>>;
  /** Flags that take a text. */
  readonly texts?: readonly string[];
  /** Texts that decide what is measured, by flag, as in the figure that is kept: `{ like: 'cifar:8-12' }`. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Whether the arguments without flags ask for the full size; otherwise the only such argument is the first size. */
  readonly isFull?: (words: readonly string[]) => boolean;
}

/** What was asked for. */
export interface Asked {
  readonly sizes: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, string | undefined>>;
  readonly words: readonly string[];
  /** Whether everything is as in the figure that is kept. */
  readonly isFull: boolean;
  /**
   * The folder that the experiment writes: figures/NAME at its full size, runs/NAME-SIZE at any other. So a quick look
   * never replaces a kept figure. `--out FOLDER` is another folder.
   */
  readonly out: string;
}

/** Returns what an experiment's command line asks for. @throws Error for an unknown flag or a size below 1 */
export function experimentArguments(
  { name, full = {}, usual = full, texts = [], choices = {}, isFull }: ExperimentArguments,
  args: readonly string[] = process.argv.slice(2),
): Asked {
  const keys = Object.keys(full);
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries([...keys, ...texts, ...Object.keys(choices), 'out'].map((key) => [key, text])),
      ...(usual === full ? {} : { full: { type: 'boolean' } }),
    },
    allowPositionals: isFull !== undefined || keys.length > 0,
  });
  const given = values as Readonly<Record<string, string | undefined>>;
  const first = isFull ? undefined : positionals[0];
  const sizes = Object.fromEntries(
    keys.map((key, i) => {
      const standard = (values as { full?: boolean }).full ? full[key] : usual[key];
      const size = Number(given[key] ?? (i === 0 ? first : undefined) ?? standard);
      if (!Number.isSafeInteger(size) || size < 1)
        throw new RangeError(`invalid ${key}: ${given[key] ?? first} (allowed: a whole number >= 1)`);
      return [key, size];
    }),
  );
  const chosen = Object.fromEntries(Object.entries(choices).map(([key, kept]) => [key, given[key] ?? kept]));
  const asKept = Object.entries(choices).every(([key, kept]) => chosen[key] === kept);
  const complete = asKept && (isFull ? isFull(positionals) : keys.every((key) => sizes[key] === full[key]));
  const words = Object.values(chosen).map((value) => value.replaceAll(/[^\w.-]/g, '-'));
  const elsewhere = `runs/${[name, ...Object.values(sizes), ...words].join('-')}`;
  return {
    sizes,
    texts: { ...Object.fromEntries(texts.map((key) => [key, given[key]])), ...chosen },
    words: positionals,
    isFull: complete,
    out: given.out ?? (complete ? `figures/${name}` : elsewhere),
  };
}
