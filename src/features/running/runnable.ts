import type { Skipped } from '../../formats/model-file.js';
import type { GraphValue } from '../../formats/model-graph.js';
import type { FeaturePlace } from './feature-places.js';
import type { Feed } from '../inputs/model-inputs.js';

/** A model that runs, and shows the values inside it. */
export interface Runnable {
  /** As the user named it. */
  readonly path: string;
  readonly format: string;
  /** The library that runs it, with its version: `onnxruntime-web 1.30.0`. */
  readonly runner: string;
  readonly inputs: readonly GraphValue[];
  /** Layers with features, in forward order. */
  readonly places: readonly FeaturePlace[];
  /** Layers whose features are not accessible, each with the reason. */
  readonly skipped: readonly Skipped[];
  /**
   * Runs a batch and shows each wanted value, once. A value is valid during the call alone. Values that were shown before
   * an error count.
   */
  run(feeds: ReadonlyMap<string, Feed>, wanted: readonly string[], visit: VisitValue): Promise<void>;
  close(): void;
}

/** Called with a value of a model: its numbers, row-major. */
export type VisitValue = (value: string, numbers: ValueNumbers) => void;

export interface ValueNumbers {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}
