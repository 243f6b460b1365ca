import type { Skipped } from '../formats/model-file.js';

/**
 * Where a layer's features are taken: `response` is the output of its operation with its bias, `before` is behind the
 * normalization and just before the activation, `after` is behind the activation. Without a normalization `before` is
 * the response; without an activation there is no `after`.
 */
export const featureStages = ['response', 'before', 'after'] as const;
export type FeatureStage = (typeof featureStages)[number];

/** What all columns of a layer's features have added up to: one row per channel, one column per sample and position. */
export interface FeatureGram {
  /** The layer whose output this is: the name of its weights in `layersOf`, without `[2]` of a group. */
  readonly layer: string;
  readonly stage: FeatureStage;
  /** The name of the value in the model. */
  readonly value: string;
  readonly channels: number;
  /** Samples x positions. */
  readonly columns: number;
  /**
   * A Aᵀ, not centred; full and symmetric, channels x channels, row-major. The centred one is
   * gram - sums sumsᵀ / columns.
   */
  readonly gram: Float64Array;
  /** The sum of each channel over all columns. */
  readonly sums: Float64Array;
  /** Which of the parts of the inputs this is of, from 0. */
  readonly part: number;
}

/** Inputs of a model in a fixed order, made or read on request. */
export interface ModelInputs {
  readonly count: number;
  /** A description of the inputs: `48 of 10,000 CIFAR-10 images`. */
  readonly words: string;
  /** Returns the inputs of these numbers as one batch, by the names of the model's inputs. */
  read(indices: readonly number[]): Promise<ReadonlyMap<string, Feed>>;
  close?(): void;
}

/** Numbers for an input of a model, row-major. */
export interface Feed {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
}

/** How Gram matrices are collected. */
export interface CollectOptions {
  /** The inputs of each part, by number: each part has Gram matrices of its own. @default one part of all inputs */
  readonly parts?: readonly (readonly number[])[] | undefined;
  /** @default before and after */
  readonly stages?: readonly FeatureStage[] | undefined;
  /** Keeps the layers for which this is true. @default all */
  readonly layers?: ((layer: string) => boolean) | undefined;
  /** Inputs run at once. @default as many as keep the fetched values within their bound */
  readonly batch?: number | undefined;
  /** Bytes for Gram matrices; the inputs are run once per group that fits. @default 2^29 */
  readonly memoryBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
  /** Is told of the layers whose features cannot be had. */
  readonly onSkipped?: ((skipped: Skipped) => void) | undefined;
}
