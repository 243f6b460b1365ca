import {
  abortSignal,
  callback,
  maybe,
  orElse,
  readOptions,
  strict,
  wholeFrom,
  type OptionEntries,
} from '../schema.js';

export interface LatencyOptions {
  /** Images per run. @default 1 */
  readonly batch?: number | undefined;
  /** Timed runs of each network. @default 20 */
  readonly runs?: number | undefined;
  /** Runs of each network before the first timed one. @default 3 */
  readonly warmUp?: number | undefined;
  /** Of weights, images and the order of the runs. @default 0 */
  readonly seed?: number | undefined;
  /** The clock, in milliseconds; read just before and just after each run. @default performance.now */
  readonly now?: (() => number) | undefined;
  /** Called after each run, including warm-up, with the number of finished runs and the total. */
  readonly onRun?: ((done: number, total: number) => void) | undefined;
  /** Stops after the run in progress. The latencies are those of the whole rounds until then, if any. */
  readonly signal?: AbortSignal | undefined;
}

export const latencyDefaults = { batch: 1, runs: 20, warmUp: 3, seed: 0 } as const;

/** The numbers among the options. */
export type LatencyNumbers = Readonly<Record<keyof typeof latencyDefaults, number>>;

const latencyOptions = strict({
  batch: orElse(wholeFrom(1), latencyDefaults.batch),
  runs: orElse(wholeFrom(1), latencyDefaults.runs),
  warmUp: orElse(wholeFrom(0), latencyDefaults.warmUp),
  seed: orElse(wholeFrom(0), latencyDefaults.seed),
  now: maybe(callback<NonNullable<LatencyOptions['now']>>()),
  onRun: maybe(callback<NonNullable<LatencyOptions['onRun']>>()),
  signal: maybe(abortSignal),
} satisfies OptionEntries<LatencyOptions>);

/** Returns the numbers among the options, checked, with defaults for missing ones. */
export function resolveLatency(options: LatencyOptions): LatencyNumbers {
  const { batch, runs, warmUp, seed } = readOptions(latencyOptions, options);
  return { batch, runs, warmUp, seed };
}
