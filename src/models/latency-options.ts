import { invalid } from '../errors.js';
import { checkOptions } from '../fields.js';

export interface LatencyOptions {
  /** Images per run. @default 1 */
  readonly batch?: number | undefined;
  /** Timed runs of each network. @default 20 */
  readonly runs?: number | undefined;
  /** Runs of each network before the first timed one. @default 3 */
  readonly warmUp?: number | undefined;
  /** Of weights, images and the order of the runs. @default 0 */
  readonly seed?: number | undefined;
  /** The clock, in milliseconds; asked just before and just after each run. @default performance.now */
  readonly now?: (() => number) | undefined;
  /** Called after each run, including warm-up, with the number of finished runs and the total. */
  readonly onRun?: ((done: number, total: number) => void) | undefined;
  /** Stops after the run under way: the latencies are of the whole rounds until then, none where there are none. */
  readonly signal?: AbortSignal | undefined;
}

export const latencyDefaults = { batch: 1, runs: 20, warmUp: 3, seed: 0 } as const;

/** The numbers among the options. */
export type LatencyNumbers = Readonly<Record<keyof typeof latencyDefaults, number>>;

/** Returns the numbers among the options, checked, with the defaults where none are given. */
export function resolveLatency(options: LatencyOptions): LatencyNumbers {
  checkOptions(options, ['batch', 'runs', 'warmUp', 'seed', 'now', 'onRun', 'signal']);
  const { batch, runs, warmUp, seed } = latencyDefaults;
  return {
    batch: whole('batch', options.batch ?? batch, 1),
    runs: whole('runs', options.runs ?? runs, 1),
    warmUp: whole('warm-up', options.warmUp ?? warmUp, 0),
    seed: options.seed ?? seed,
  };
}

function whole(thing: string, value: number, least: number): number {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw invalid(thing, value, `a whole number from ${least}`);
  }
  return value;
}
