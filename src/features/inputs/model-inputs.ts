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
