/** The operations of a model, without its weights. */
export interface ModelGraph {
  /** In the order of the file. Those of a body lie in it by name: `If_0/then/Conv_3`. */
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

export interface GraphNode {
  readonly name: string;
  /** As the format names it: `Conv`, `MatMul`, `FusedBatchNormV3`, `Dense`. */
  readonly op: string;
  /** Names of values: nodes, tensors or inputs of the graph; '' for an optional one that is missing. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

export type AttributeValue = number | string | boolean | readonly number[] | readonly string[];

export interface GraphValue {
  readonly name: string;
  /** Sizes; null for one that is not fixed. Undefined if the file does not tell. */
  readonly shape?: readonly (number | null)[] | undefined;
  readonly dtype?: string | undefined;
}
