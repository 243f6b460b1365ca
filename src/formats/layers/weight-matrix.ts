import type { TensorDtype } from '../dtypes.js';
import type { LayerKind, Numbers, Quantisation } from '../model-file.js';

/** The weights of a layer as a matrix: one row per output, one column per input and kernel position. */
export interface WeightMatrix {
  /** The tensor's name; followed by `[2]` for one of several matrices, such as an expert or a group. */
  readonly name: string;
  /** Other names of the same weights. */
  readonly aliases: readonly string[];
  readonly kind: LayerKind;
  readonly rows: number;
  readonly columns: number;
  /** The tensor's shape and type in the file. */
  readonly shape: readonly number[];
  readonly dtype: TensorDtype;
  readonly quantisation?: Quantisation | undefined;
  /** Notes for readers of the numbers, as sentences: unknown groups, a fused projection that was split. */
  readonly notes: readonly string[];
  /** A normalization behind the layer, where there is one. */
  readonly normalization?: FollowingNormalization | undefined;
  /** The halves of a low-rank adapter, of which this is the product. */
  readonly adapter?: LowRankAdapter | undefined;
  /** Returns a block, row-major; by default all columns. @throws RangeError for a place outside */
  read(row: number, rows: number, column?: number, columns?: number): Promise<Numbers>;
}

/** A low-rank adapter: scale x up x down. */
export interface LowRankAdapter {
  /** Columns of up, rows of down. */
  readonly rank: number;
  readonly up: WeightMatrix;
  readonly down: WeightMatrix;
  /** Returns alpha / rank, or 1 where the file has no alpha. @throws RangeError where that is not finite */
  scale(): Promise<number>;
}

/** A normalization that follows a layer. */
export interface FollowingNormalization {
  readonly name: string;
  /** Whether the graph says so; otherwise it follows from names and order. */
  readonly known: boolean;
  /** Returns the factor of each row in the folded layer, gamma / sqrt(variance + epsilon); missing if unknown. */
  factors?(): Promise<Float64Array>;
}
