import { messageOf } from '../../errors.js';
import { lastOf } from '../../lookups.js';
import { gramSumBytes } from '../../spectrum/wasm/gram/gram-sum.js';
import type { ValuePlace } from '../running/feature-places.js';
import type { ModelInputs } from '../inputs/model-inputs.js';
import { FeatureSum } from './feature-sum.js';
import type { Runnable, VisitValue } from '../running/runnable.js';

/** Bytes of values that are fetched at once. */
const VALUE_BYTES = 2 ** 28;
/** Values fetched at once from the first sample, whose sizes are not known yet. */
const FIRST_VALUES = 16;
/** The most inputs in a batch; more save no time. */
const MAX_BATCH = 32;

/** The most channels of a layer that is measured. Its Gram matrix then takes 300 MB, and each spectrum a minute. */
export const MAX_CHANNELS = 4096;

/** Returns the reason why a value has no Gram matrix, or undefined if it has one. */
export function whyTooWide({ channels }: ValuePlace): string | undefined {
  return channels > MAX_CHANNELS ? `${channels} channels, more than ${MAX_CHANNELS}` : undefined;
}

/** How inputs are run. */
export interface SumOptions {
  readonly parts: readonly (readonly number[])[];
  /** Whether each part has sums of its own; otherwise sums continue over parts. */
  readonly fresh: boolean;
  readonly batch?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the number of inputs that have run. */
  readonly onInputs?: ((done: number) => void) | undefined;
  /** Called with the sums at the end of each part. */
  readonly afterPart?: ((part: number, sums: ReadonlyMap<string, FeatureSum>) => void) | undefined;
}

export interface Summed {
  /** By the name of the value; one map per part, or one for all. */
  readonly sums: readonly ReadonlyMap<string, FeatureSum>[];
  /** Values that could not be read or summed, each with the reason. */
  readonly failed: ReadonlyMap<string, string>;
}

/**
 * Runs inputs through a model and adds up some of its values. Memory: the Gram matrices of these values, at most 2^28
 * bytes of the values themselves (or one sample of one value), and the needs of the model.
 */
export async function sumFeatures(
  runnable: Runnable,
  inputs: ModelInputs,
  places: readonly ValuePlace[],
  { parts, fresh, batch, signal, onInputs, afterPart }: SumOptions,
): Promise<Summed> {
  const failed = new Map<string, string>();
  const sizes = new Map<string, number>();
  const all: Map<string, FeatureSum>[] = [];
  let done = 0;
  for (const [part, indices] of parts.entries()) {
    if (fresh || part === 0) all.push(new Map(places.map((place) => [place.value, new FeatureSum(place)])));
    const sums = lastOf(all);
    for (let from = 0; from < indices.length;) {
      if (signal?.aborted) break;
      const wanted = places.map(({ value }) => value).filter((value) => !failed.has(value));
      const known = wanted.every((value) => sizes.has(value));
      const count = known ? (batchOf(runnable) ?? batch ?? fitting(wanted, sizes)) : (batchOf(runnable) ?? 1);
      const chosen = indices.slice(from, from + count);
      await runBatch(
        runnable,
        inputs,
        chosen,
        known ? chunks(wanted, sizes, count) : firstChunks(wanted),
        failed,
        (value, numbers) => {
          sizes.set(value, numbers.data.byteLength / chosen.length);
          sums.get(value)?.add(numbers);
        },
      );
      from += chosen.length;
      done += chosen.length;
      onInputs?.(done);
      await new Promise((resolve) => setImmediate(resolve)); // lets signals and timers run
    }
    afterPart?.(part, sums);
  }
  return { sums: all, failed };
}

/** Returns the batch size that the model's inputs prescribe, or undefined if any size is allowed. */
export function batchOf({ inputs }: Pick<Runnable, 'inputs'>): number | undefined {
  return (
    inputs.map(({ shape }) => shape?.[0]).find((size) => typeof size === 'number' && size > 0) ?? undefined
  );
}

/** Returns the places in groups whose Gram matrices fit into memory together, each value once. */
export function groupValues(
  places: readonly ValuePlace[],
  memoryBytes: number,
  parts: number,
): ValuePlace[][] {
  const groups: ValuePlace[][] = [];
  let left = 0;
  for (const place of new Map(places.map((one) => [one.value, one])).values()) {
    const bytes = parts * gramSumBytes(place.channels);
    if (groups.length === 0 || bytes > left) {
      groups.push([]);
      left = memoryBytes;
    }
    lastOf(groups).push(place);
    left -= bytes;
  }
  return groups;
}

function fitting(wanted: readonly string[], sizes: ReadonlyMap<string, number>): number {
  const bytes = wanted.reduce((sum, value) => sum + (sizes.get(value) ?? 0), 0);
  return Math.max(1, Math.min(MAX_BATCH, Math.floor(VALUE_BYTES / Math.max(1, bytes))));
}

/** Returns values in lists that fit into memory together. */
function chunks(wanted: readonly string[], sizes: ReadonlyMap<string, number>, count: number): string[][] {
  const lists: string[][] = [];
  let left = 0;
  for (const value of wanted) {
    const bytes = count * (sizes.get(value) ?? 0);
    if (lists.length === 0 || bytes > left) {
      lists.push([]);
      left = VALUE_BYTES;
    }
    lastOf(lists).push(value);
    left -= bytes;
  }
  return lists;
}

function firstChunks(wanted: readonly string[]): string[][] {
  const count = Math.ceil(wanted.length / FIRST_VALUES);
  return Array.from({ length: count }, (_, i) => wanted.slice(i * FIRST_VALUES, (i + 1) * FIRST_VALUES));
}

async function runBatch(
  runnable: Runnable,
  inputs: ModelInputs,
  indices: readonly number[],
  lists: readonly (readonly string[])[],
  failed: Map<string, string>,
  add: VisitValue,
): Promise<void> {
  const feeds = await inputs.read(indices);
  const seen = new Set<string>();
  const visit: VisitValue = (value, numbers) => {
    seen.add(value);
    if (failed.has(value)) return;
    try {
      add(value, numbers);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      failed.set(value, messageOf(error));
    }
  };
  // a list that does not run is halved, until each value that cannot be had is known
  const run = async (wanted: readonly string[]): Promise<void> => {
    if (wanted.length === 0) return;
    try {
      await runnable.run(feeds, wanted, visit);
    } catch (error) {
      const left = wanted.filter((value) => !seen.has(value));
      if (left.length < wanted.length || left.length === 1) {
        for (const value of left) failed.set(value, `it does not run: ${messageOf(error).split('\n')[0]}`);
        return;
      }
      const half = Math.ceil(left.length / 2);
      await run(left.slice(0, half));
      await run(left.slice(half));
      return;
    }
    for (const value of wanted)
      if (!seen.has(value)) failed.set(value, 'the model ran, but did not give this value');
  };
  for (const list of lists) {
    for (const value of list) {
      const feed = feeds.get(value);
      if (!feed) continue;
      const { shape, data } = feed;
      visit(value, {
        shape,
        data: data instanceof Float32Array ? data : Float64Array.from(data as ArrayLike<number>, Number),
      });
    }
    await run(list.filter((value) => !feeds.has(value)));
  }
}
