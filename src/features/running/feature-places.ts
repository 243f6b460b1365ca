import type { ActivationName } from '../../activations/definitions.js';
import { lengthOf } from '../../formats/elements.js';
import { usesIn } from '../../formats/graph/uses.js';
import type { Layout, LayerKind, ModelFile, NamedTensor, Skipped } from '../../formats/model-file.js';
import type { GraphNode } from '../../formats/model-graph.js';
import { activationAfter, activationNamed } from './activation-after.js';
import { type GraphValues, graphValues } from './graph-values.js';

/**
 * The places where a layer's features are taken. `response` is the output of its operation with its bias. `before` is
 * behind the normalization and just before the activation; without a normalization it is the response. `after` is
 * behind the activation; without an activation it does not exist.
 */
export const featureStages = ['response', 'before', 'after'] as const;
export type FeatureStage = (typeof featureStages)[number];

/** A value of a model that is a matrix of features: channels along one axis, columns along all others. */
export interface ValuePlace {
  readonly value: string;
  readonly channels: number;
  /** The axis of the channels; negative ones count from the end. */
  readonly axis: number;
}

/** Where the features of a layer are found. */
export interface FeaturePlace {
  /** The name of the layer's weights in the file. */
  readonly layer: string;
  readonly kind: LayerKind;
  /** Columns of its weights: inputs times positions of the kernel. */
  readonly fanIn: number;
  readonly channels: number;
  /** The layer's input. */
  readonly input: ValuePlace;
  readonly stages: Readonly<Partial<Record<FeatureStage, ValuePlace>>>;
  /** The activation behind it as the graph has it: `Sigmoid, Mul`; null without one. */
  readonly activation: { readonly ops: string; readonly name: ActivationName | null } | null;
}

const normalizations = /^(BatchNormalization|SpatialBN|FusedBatchNorm|SyncBatchNormalization)/;
const scaling = new Set(['Mul', 'Add', 'AddV2', 'Sub', 'BiasAdd', 'Div', 'RealDiv']);
const passing = new Set(['Identity', 'Dropout', 'StopGradient', 'SpatialDropout2D', 'GaussianNoise']);
/** The most operations of bias and normalization behind a layer. */
const MAX_STEPS = 8;

/**
 * Returns where a model's graph has the features of each layer with weights, in forward order. Layers without
 * accessible features are listed with the reason.
 */
export function featurePlaces({ tensors, graph }: Pick<ModelFile, 'tensors' | 'graph'>): {
  places: FeaturePlace[];
  skipped: Skipped[];
} {
  if (!graph) return { places: [], skipped: [] };
  const values = graphValues(graph);
  const usesOf = usesIn(graph);
  const order = new Map(graph.nodes.map((node, i) => [node, i]));
  const sizes = new Map(tensors.map(({ name, shape }) => [name, lengthOf(shape)]));
  const found: { at: number; place: FeaturePlace }[] = [];
  const skipped: Skipped[] = [];
  for (const tensor of tensors) {
    const { layout, name, shape } = tensor;
    if (!layout || tensor.noLayer !== undefined) continue;
    const use = usesOf(name, shape.length).find(({ node }) => !passing.has(node.op));
    if (!use) {
      skipped.push({ name, reason: 'no operation of the graph takes its weights' });
      continue;
    }
    const place = placeOf(tensor, layout, use.node, use.operand, values, sizes);
    if (typeof place === 'string') skipped.push({ name, reason: place });
    else found.push({ at: order.get(use.node) ?? 0, place });
  }
  found.sort((a, b) => a.at - b.at);
  return { places: found.map(({ place }) => place), skipped };
}

function placeOf(
  { name, shape }: NamedTensor,
  layout: Layout,
  node: GraphNode,
  operand: number,
  graph: GraphValues,
  sizes: ReadonlyMap<string, number>,
): FeaturePlace | string {
  const { kind, rows, columns, each = [], groups = 1 } = layout;
  const body = graph.bodyOf(node);
  if (body) return `it lies in the body of ${body.op} ${body.name}, whose values cannot be read`;
  if (kind === 'recurrent') return 'the states inside a recurrent layer cannot be had';
  const size = (axes: readonly number[]) => lengthOf(axes.map((axis) => shape[axis]!));
  if (size(each) > 1) return 'one operation multiplies several matrices at once';
  const [output = ''] = node.outputs;
  // a transposed convolution of TensorFlow has the size of its output first
  const given = node.inputs.filter((one, i) => i !== operand && one !== '' && !graph.isConstant(one));
  const input = node.op === 'Conv2DBackpropInput' ? given.at(-1) : given[0];
  if (output === '' || input === undefined) return 'it depends on no input of the model';
  const isKeras = /Conv|Dense|Embedding/.test(node.op) && node.attributes.has('name');
  if (isKeras && /depthwise_kernel$/.test(name) && /^Separable/.test(node.op))
    return 'the depthwise half of a separable convolution has no value of its own';
  const axis = axisOf(node, operand, kind);
  const isTransposed = kind === 'transposed convolution';
  const channels =
    kind === 'embedding' ? size(columns) : size(rows) * (isTransposed && groups > 1 ? groups : 1);
  const isDepthwise = kind === 'depthwise convolution';
  const perRow = size(columns);
  const inputs = kind === 'linear' || isDepthwise ? perRow : (shape[columns[0] ?? 0] ?? perRow) * groups;
  const taken = isDepthwise ? (shape[rows[0]!] ?? channels) : isTransposed ? shape[columns[0]!]! : inputs;
  const at = (value: string): ValuePlace => ({ value, channels, axis });
  const shared = {
    ...{ layer: name, kind, channels, fanIn: perRow },
    input: { value: input, channels: taken, axis },
  };
  const own = node.attributes.get('activation');
  if (typeof own === 'string' && own !== 'linear' && own !== '') {
    // ONNX Runtime's fused operations show their activated output alone; a layer of Keras is opened
    const before = isKeras ? { response: at(`${output}:before`), before: at(`${output}:before`) } : {};
    const softmax = own === 'softmax';
    return {
      ...shared,
      stages: { ...before, ...(!softmax && { after: at(output) }) },
      activation: softmax ? null : { ops: own, name: activationNamed(own) },
    };
  }
  const response = behindBias(output, channels, graph, sizes);
  const before = behindNormalization(response, channels, graph, sizes);
  const activation = activationAfter(before, graph, sizes);
  return {
    ...shared,
    stages: {
      ...{ response: at(response), before: at(before) },
      ...(activation && { after: at(activation.value) }),
    },
    activation: activation ? { ops: activation.ops.join(', '), name: activation.name } : null,
  };
}

/** The axis of the channels in a node's output. */
function axisOf({ op, attributes }: GraphNode, operand: number, kind: LayerKind): number {
  const format = attributes.get('data_format');
  if (kind === 'linear') return operand === 0 && op !== 'Einsum' ? -2 : -1;
  if (kind === 'embedding') return -1;
  if (format === 'NCHW' || format === 'channels_first') return 1;
  if (typeof format === 'string' || op === 'NhwcConv' || /^(_?Fused)?(Depthwise)?Conv\dd/i.test(op))
    return -1;
  return 1;
}

/** Returns the value behind the bias of a layer, where the graph adds it by itself. */
function behindBias(
  value: string,
  channels: number,
  graph: GraphValues,
  sizes: ReadonlyMap<string, number>,
): string {
  const node = onlyTaker(value, graph);
  if (!node || !['Add', 'AddV2', 'BiasAdd'].includes(node.op)) return value;
  const fits = isPerChannel(node, value, channels, graph, sizes);
  return fits ? (node.outputs[0] ?? value) : value;
}

/** Returns the value behind normalizations and other operations that only scale and shift channels. */
function behindNormalization(
  start: string,
  channels: number,
  graph: GraphValues,
  sizes: ReadonlyMap<string, number>,
): string {
  let value = start;
  for (let step = 0; step < MAX_STEPS; step++) {
    const node = onlyTaker(value, graph);
    if (!node) break;
    const moves =
      passing.has(node.op) ||
      normalizations.test(node.op) ||
      (scaling.has(node.op) && isPerChannel(node, value, channels, graph, sizes));
    if (!moves) break;
    value = node.outputs[0] ?? value;
  }
  return value;
}

function onlyTaker(value: string, graph: GraphValues): GraphNode | undefined {
  const takers = graph.takers(value);
  return takers.length === 1 && !graph.isOutput(value) ? takers[0] : undefined;
}

/**
 * Whether a value is one operand, and every other has one number per channel. Activations have one number for all
 * channels. A number divided by the value is no scaling.
 */
function isPerChannel(
  { op, inputs }: GraphNode,
  value: string,
  channels: number,
  graph: GraphValues,
  sizes: ReadonlyMap<string, number>,
): boolean {
  if (inputs.filter((input) => input === value).length !== 1) return false;
  if (/Div$/.test(op) && inputs[0] !== value) return false;
  return inputs.every(
    (input) => input === value || (graph.isConstant(input) && (sizes.get(input) ?? channels) === channels),
  );
}
