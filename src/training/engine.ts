import type { Parameters } from '../models/parameters.js';
import type { Network } from '../networks/network.js';

/**
 * Trains one network: each step is a forward pass, a backward pass and an update. `createTwinEngine` is the plain float64
 * reference, `createKernelEngine` the fast one on WebAssembly; both fulfil this interface.
 */
export interface TrainingEngine {
  readonly network: Network;
  /** The maximum number of images in a step or an evaluation. */
  readonly batch: number;
  /**
   * Trains on a batch and returns its loss before the update. Normalizations use the statistics of the batch and move
   * their running ones by a tenth towards them, the variance unbiased, as PyTorch does.
   *
   * @param images [images, height, width, channels], standardised
   * @param labels the class of each image
   */
  step(images: Float32Array, labels: Int32Array, settings: StepSettings): BatchResult;
  /** Returns the loss of images (without label smoothing), with running statistics and the result of `parameters`. */
  evaluate(images: Float32Array, labels: Int32Array): BatchResult;
  /** Returns the scores [images, classes] of images, computed as `evaluate` does. */
  scores(images: Float32Array): Float32Array | Float64Array;
  /** Returns a copy of the trained parameters, or of their average if the engine keeps one. */
  parameters(): Parameters;
  /** Returns the gradients of the last step's loss by parameter name; weight decay is not in them. */
  gradients(): ReadonlyMap<string, EngineNumbers>;
  /** Returns a copy of everything that later steps depend on: after `restore` they give the same bits. */
  state(): EngineState;
  /** Continues from a state of the same network and kind of engine. @throws RangeError for any other */
  restore(state: EngineState): void;
  /** Frees the memory. */
  dispose(): void;
}

export type EngineNumbers = Float32Array | Float64Array;

export interface TrainingEngineOptions {
  readonly network: Network;
  readonly batch: number;
  /** The parameters at the start; they are copied. */
  readonly parameters: Parameters;
  /** Whether the engine keeps an exponential moving average of all parameters, running statistics included. */
  readonly averaged: boolean;
}

export type CreateEngine = (options: TrainingEngineOptions) => TrainingEngine;

/**
 * Mean loss over the images of a batch, and the number of correct ones. An image is correct if its highest score (the
 * first of equals) is at its label.
 */
export interface BatchResult {
  readonly loss: number;
  readonly correct: number;
}

/** The numbers of one step; `recipe.ts` has the choices that decide them. */
export interface StepSettings {
  /**
   * The rule by which a gradient g changes a weight w:
   * - `sgd`: g + decay w; v = momentum v + g; w -= rate v, with Nesterov w -= rate (g + momentum v);
   * - `adamw`: w -= rate decay w; then Adam's step with bias correction (Loshchilov and Hutter, 2019).
   *
   * Both as PyTorch has them.
   */
  readonly optimiser: 'sgd' | 'adamw';
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly beta1: number;
  readonly beta2: number;
  /** Added to the root of AdamW's second moment. */
  readonly epsilon: number;
  /** Of weights only: biases and normalizations do not decay. */
  readonly weightDecay: number;
  /** s: the target is 1 - s + s / classes at the label and s / classes elsewhere. */
  readonly labelSmoothing: number;
  /** The share d of the average that is kept: average = d average + (1 - d) value. Read where the engine keeps one. */
  readonly averageDecay: number;
}

/** All tensors have the layout of `Parameters`. */
export interface EngineState {
  /** Steps done, which AdamW's bias correction counts. */
  readonly steps: number;
  /**
   * Tensors by role and parameter name, as in `value/stem.weight`:
   * - `value/...` for all parameters, running statistics included;
   * - `first/...` and `second/...` for the moments of trained ones (`first` is SGD's velocity; `second` may be left out
   *   under SGD);
   * - `average/...` for all parameters where an average is kept.
   */
  readonly tensors: ReadonlyMap<string, EngineNumbers>;
}
