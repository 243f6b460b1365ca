import type { ActivationName } from '../layers/activation-names.js';
import { addConstant, addNode, type GraphInMaking } from './graph-node.js';

/** Adds the nodes of a nonlinearity after the node `x` and returns the name of the last. */
export function addActivation(graph: GraphInMaking, activation: ActivationName, x: string): string {
  return forms[activation]({
    x,
    op: (op, input, attr) => addNode(graph, `${x}/${op}${graph.nodes.length}`, op, input, attr),
    number: (value) => addConstant(graph, `constant/${value}`, [], Float32Array.of(value)),
  });
}

/** What a nonlinearity is written with: its argument, an operation, a number. */
interface Pen {
  readonly x: string;
  readonly op: (op: string, input: readonly string[], attr?: Readonly<Record<string, object>>) => string;
  readonly number: (value: number) => string;
}

/** As in `layers/activations.ts`. */
const forms: Readonly<Record<ActivationName, (pen: Pen) => string>> = {
  linear: ({ x }) => x,
  relu6: ({ x, op }) => op('Relu6', [x]),
  relu: ({ x, op }) => op('Relu', [x]),
  leakyRelu: ({ x, op }) => op('LeakyRelu', [x], { alpha: { f: 0.01 } }),
  elu: ({ x, op }) => op('Elu', [x]),
  softplus: ({ x, op }) => op('Softplus', [x]),
  hardSwish: (pen) => pen.op('Mul', [pen.x, hardSigmoid(pen)]),
  silu: ({ x, op }) => op('Mul', [x, op('Sigmoid', [x])]),
  gelu: ({ x, op, number }) => {
    const erf = op('Erf', [op('Mul', [x, number(Math.SQRT1_2)])]);
    return op('Mul', [op('Mul', [x, number(0.5)]), op('AddV2', [erf, number(1)])]);
  },
  mish: ({ x, op }) => op('Mul', [x, op('Tanh', [op('Softplus', [x])])]),
  selu: ({ x, op }) => op('Selu', [x]),
  tanh: ({ x, op }) => op('Tanh', [x]),
  sigmoid: ({ x, op }) => op('Sigmoid', [x]),
  hardSigmoid: (pen) => hardSigmoid(pen),
};

function hardSigmoid({ x, op, number }: Pen): string {
  return op('Mul', [op('Relu6', [op('AddV2', [x, number(3)])]), number(1 / 6)]);
}
