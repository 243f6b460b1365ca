import type { GraphNode, ModelGraph } from '../../formats/model-graph.js';

/** The producers and the consumers of the values of a graph. */
export interface GraphValues {
  readonly nodes: readonly GraphNode[];
  /** Returns the node whose output a value is. */
  producer(value: string): GraphNode | undefined;
  /** Returns the nodes that take a value, in the order of the file. */
  takers(value: string): readonly GraphNode[];
  /** Whether a value depends on no input of the model. */
  isConstant(value: string): boolean;
  /** Whether a value is an output of the model. */
  isOutput(value: string): boolean;
}

/** Returns the producers and the consumers of the values of a graph. */
export function graphValues({ nodes, inputs, outputs }: ModelGraph): GraphValues {
  const producers = new Map<string, GraphNode>();
  const takers = new Map<string, Set<GraphNode>>();
  for (const node of nodes) {
    for (const output of node.outputs) if (output !== '') producers.set(output, node);
    for (const input of node.inputs) takers.set(input, (takers.get(input) ?? new Set()).add(node));
  }
  const given = new Set(inputs.map(({ name }) => name));
  const put = new Set(outputs.map(({ name }) => name));
  const known = new Map<string, boolean>();
  const isConstant = (value: string): boolean => {
    const before = known.get(value);
    if (before !== undefined) return before;
    if (given.has(value)) return false;
    const node = producers.get(value);
    if (!node) return true;
    known.set(value, false); // a loop, as While has it, is no constant
    const constant = node.inputs.length > 0 && node.inputs.every(isConstant);
    known.set(value, constant);
    return constant;
  };
  return {
    nodes,
    producer: (value) => producers.get(value),
    takers: (value) => [...(takers.get(value) ?? [])],
    isConstant,
    isOutput: (value) => put.has(value),
  };
}
