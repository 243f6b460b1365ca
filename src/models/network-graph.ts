import { invalid } from '../errors.js';
import { imagesInput, type NetworkLayer } from '../networks/network-layer.js';
import { walkLayers } from '../networks/walk-layers.js';
import { addActivation } from './graph-activation.js';
import {
  addConstant,
  addNode,
  float,
  type GraphInMaking,
  type TensorflowNode,
  integers,
  shapeOf,
  text,
} from './graph-node.js';
import { layerParameters } from './parameters.js';

/** A network as a TensorFlow graph that `tf.loadGraphModel` runs: one input `images`, one output `scores`. */
export interface NetworkGraph extends GraphInMaking {
  readonly signature: object;
}

/**
 * Returns the graph of layers in any arrangement, with their parameters by name. It takes any number of images of any
 * size, [images, height, width, channels].
 *
 * @throws RangeError for a layer whose name is that of another node
 */
export function layersGraph(layers: readonly NetworkLayer[]): NetworkGraph {
  const wrong = layers.find(({ name }) => name === 'scores' || name.includes('/'));
  if (wrong) throw invalid('name of a layer', wrong.name, "a name other than 'scores', without /");
  const graph: GraphInMaking = { nodes: [], constants: new Map() };
  const channels = layers.find(({ inputs }) => inputs.includes(imagesInput))?.inputChannels[0] ?? -1;
  const images = [-1, -1, -1, channels];
  graph.nodes.push({
    name: imagesInput,
    op: 'Placeholder',
    attr: { dtype: float, shape: { shape: shapeOf(images) } },
  });
  const x = walkLayers<string>(layers, imagesInput, {
    apply: (layer, inputs) => addActivation(graph, layer.activation, addLayer(graph, layer, inputs)),
  });
  addNode(graph, 'scores', 'Identity', [x]);
  const tensor = (name: string, shape: readonly number[]) => ({
    [name]: { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: shapeOf(shape) },
  });
  const signature = {
    inputs: tensor(imagesInput, images),
    outputs: tensor('scores', [-1, layers.at(-1)?.channelsOut ?? -1]),
  };
  return { ...graph, signature };
}

function addLayer(graph: GraphInMaking, layer: NetworkLayer, inputs: readonly string[]): string {
  const { name, kind, channelsOut, normalization, outputShape, inputChannels } = layer;
  if (kind === 'pool') {
    const axes = addConstant(graph, 'constant/positions', [2], Int32Array.of(1, 2));
    return addNode(graph, name, 'Mean', [...inputs, axes], { keep_dims: { b: outputShape.length === 3 } });
  }
  if (kind === 'multiply') return addNode(graph, name, 'Mul', inputs);
  if (kind === 'add') {
    const whole = inputs.map((input, i) => {
      const missing = channelsOut - (inputChannels[i] ?? channelsOut);
      return missing === 0 ? input : addZeros(graph, name, i, input, outputShape.length + 1, missing);
    });
    return addSum(graph, name, whole);
  }
  for (const { name, shape } of layerParameters(layer)) addConstant(graph, name, shape, null);
  let y = addConvolution(graph, layer, inputs);
  if (layer.bias) y = addNode(graph, `${name}/bias`, 'BiasAdd', [y, `${name}.bias`], channelsLast);
  if (!normalization) return y;
  const statistics = ['gamma', 'beta', 'mean', 'variance'].map((role) => `${name}.${role}`);
  if (kind === 'linear') {
    // The one normalization TensorFlow has takes four dimensions.
    const lift = (shape: number[]) =>
      addConstant(graph, `constant/${shape}`, [shape.length], Int32Array.from(shape));
    const lifted = addNode(graph, `${name}/lifted`, 'Reshape', [y, lift([-1, 1, 1, channelsOut])]);
    const normalized = addNormalization(graph, name, [lifted, ...statistics], normalization.epsilon);
    return addNode(graph, `${name}/lowered`, 'Reshape', [normalized, lift([-1, channelsOut])]);
  }
  return addNormalization(graph, name, [y, ...statistics], normalization.epsilon);
}

/** Adds one addition per further input; the last node has the name. */
function addSum(graph: GraphInMaking, name: string, [first, ...rest]: readonly string[]): string {
  return rest.reduce<string>((sum, input, i) => {
    const last = i === rest.length - 1;
    return addNode(graph, last ? name : `${name}/${i + 1}`, 'AddV2', [sum, input]);
  }, first ?? '');
}

/** Adds channels of zeros behind those of an input. */
function addZeros(
  graph: GraphInMaking,
  name: string,
  input: number,
  x: string,
  rank: number,
  missing: number,
): string {
  const paddings = new Int32Array(2 * rank);
  paddings[2 * rank - 1] = missing;
  const nth = input === 1 ? '' : input + 1;
  const zeros = addConstant(graph, `${name}/zeros${nth}`, [rank, 2], paddings);
  return addNode(graph, `${name}/padded${nth}`, 'Pad', [x, zeros]);
}

function addConvolution(graph: GraphInMaking, layer: NetworkLayer, inputs: readonly string[]): string {
  const { name, kind, kernel, stride, padding: zeros } = layer;
  const input = [...inputs, `${name}.weight`];
  if (kind === 'linear') {
    return addNode(graph, name, 'MatMul', input, { transpose_a: { b: false }, transpose_b: { b: false } });
  }
  const padding: TensorflowNode['attr'] =
    stride > 1 && kernel > 1
      ? {
          padding: text('EXPLICIT'),
          explicit_paddings: integers([0, 0, zeros, zeros, zeros, zeros, 0, 0]),
        }
      : { padding: text('SAME') };
  return addNode(graph, name, kind === 'depthwise' ? 'DepthwiseConv2dNative' : 'Conv2D', input, {
    ...channelsLast,
    ...padding,
    strides: integers([1, stride, stride, 1]),
    dilations: integers([1, 1, 1, 1]),
  });
}

function addNormalization(graph: GraphInMaking, name: string, input: string[], epsilon: number): string {
  const attr = { ...channelsLast, epsilon: { f: epsilon }, is_training: { b: false }, U: float };
  return addNode(graph, `${name}/normalized`, 'FusedBatchNormV3', input, attr);
}

const channelsLast = { data_format: text('NHWC') };
