import type { GraphNode, ModelGraph } from '../../formats/model-graph.js';

/** The producers and the consumers of the values of a graph. */
export interface GraphValues {
  readonly nodes: readonly GraphNode[];
  /** Returns the outermost node in whose body a node lies. */
  bodyOf(node: GraphNode): GraphNode | undefined;
  /** Returns the node whose output a value is. */
  producer(value: string): GraphNode | undefined;
  /**
   * Returns the nodes that take a value, in the order of the file. Instead of a node in a body it is the node with the
   * body, since the values inside cannot be read.
   */
  takers(value: string): readonly GraphNode[];
  /** Whether a value depends on no input of the model. */
  isConstant(value: string): boolean;
  /** Whether a value is an output of the model. */
  isOutput(value: string): boolean;
}

/** Operations with bodies, whose nodes are named behind theirs: `If_0/then/Conv_3`. */
const withBodies = new Set(['If', 'Loop', 'Scan', 'SequenceMap']);

/** Returns the producers and the consumers of the values of a graph. */
export function graphValues({ nodes, inputs, outputs }: ModelGraph): GraphValues {
  const producers = new Map<string, GraphNode>();
  const takers = new Map<string, Set<GraphNode>>();
  const outer = nodes.filter(({ op }) => withBodies.has(op));
  const bodyOf = ({ name }: GraphNode) =>
    outer.find((one) => ['then', 'else', 'body'].some((part) => name.startsWith(`${one.name}/${part}/`)));
  for (const node of nodes) {
    for (const output of node.outputs) if (output !== '') producers.set(output, node);
    const taker = bodyOf(node) ?? node;
    for (const input of node.inputs) takers.set(input, (takers.get(input) ?? new Set()).add(taker));
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
    bodyOf,
    producer: (value) => producers.get(value),
    takers: (value) => [...(takers.get(value) ?? [])],
    isConstant,
    isOutput: (value) => put.has(value),
  };
}
