import type { ActivationOperations } from '../activations/activation.js';
import { activationDefinitions, type ActivationName } from '../activations/definitions.js';
import { addConstant, addNode, type GraphInMaking, type TensorflowNode } from './graph-node.js';

/** Adds the nodes of an activation after the node `x` and returns the name of the last. */
export function addActivation(graph: GraphInMaking, activation: ActivationName, x: string): string {
  const op = (name: string, input: readonly string[], attr?: TensorflowNode['attr']) =>
    addNode(graph, `${x}/${name}${graph.nodes.length}`, name, input, attr);
  const unary = (name: string) => (input: string) => op(name, [input]);
  const binary = (name: string) => (left: string, right: string | number) =>
    op(name, [
      left,
      typeof right === 'string' ? right : addConstant(graph, `constant/${right}`, [], Float32Array.of(right)),
    ]);
  const operations: ActivationOperations<string> = {
    identity: (input) => input,
    add: binary('AddV2'),
    mul: binary('Mul'),
    div: binary('RealDiv'),
    relu: unary('Relu'),
    relu6: unary('Relu6'),
    leakyRelu: (input, slope) => op('LeakyRelu', [input], { alpha: { f: slope } }),
    elu: unary('Elu'),
    selu: unary('Selu'),
    sigmoid: unary('Sigmoid'),
    tanh: unary('Tanh'),
    softplus: unary('Softplus'),
    erf: unary('Erf'),
  };
  return activationDefinitions[activation].compose(x, operations);
}
