import type { NetworkLayer } from '../networks/network-layer.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';
import { addActivation } from './graph-activation.js';
import {
  addConstant,
  addNode,
  float,
  type GraphInMaking,
  type GraphNode,
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
 * Returns the graph of a network: its layers with their parameters by name, for any number of images of any size,
 * [images, height, width, channels].
 */
export function networkGraph(network: Network): NetworkGraph {
  const graph: GraphInMaking = { nodes: [], constants: new Map() };
  const images = [-1, -1, -1, network.inputChannels];
  graph.nodes.push({
    name: 'images',
    op: 'Placeholder',
    attr: { dtype: float, shape: { shape: shapeOf(images) } },
  });
  let x = 'images';
  let entry = x;
  let squeezed = x;
  let block: number | null = null;
  for (const layer of networkLayers(network)) {
    if (layer.block !== block) [block, entry] = [layer.block, x];
    if (layer.role === 'squeeze') squeezed = x;
    x = addActivation(graph, layer.activation, addLayer(graph, layer, x, { entry, squeezed }));
  }
  addNode(graph, 'scores', 'Identity', [x]);
  const tensor = (name: string, shape: readonly number[]) => ({
    [name]: { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: shapeOf(shape) },
  });
  const signature = {
    inputs: tensor('images', images),
    outputs: tensor('scores', [-1, network.head.classes]),
  };
  return { ...graph, signature };
}

function addLayer(
  graph: GraphInMaking,
  layer: NetworkLayer,
  x: string,
  { entry, squeezed }: { entry: string; squeezed: string },
): string {
  const { name, kind, channelsIn, channelsOut, normalization } = layer;
  if (kind === 'pool') {
    const axes = addConstant(graph, 'constant/positions', [2], Int32Array.of(1, 2));
    return addNode(graph, name, 'Mean', [x, axes], { keep_dims: { b: layer.role === 'squeeze' } });
  }
  if (kind === 'scale') return addNode(graph, name, 'Mul', [squeezed, x]);
  if (kind === 'shortcut') {
    if (channelsIn === channelsOut) return addNode(graph, name, 'AddV2', [x, entry]);
    const missing = Int32Array.of(0, 0, 0, 0, 0, 0, 0, channelsOut - channelsIn);
    const zeros = addConstant(graph, `${name}/zeros`, [4, 2], missing);
    return addNode(graph, name, 'AddV2', [x, addNode(graph, `${name}/padded`, 'Pad', [entry, zeros])]);
  }
  for (const { name, shape } of layerParameters(layer)) addConstant(graph, name, shape, null);
  let y = addConvolution(graph, layer, x);
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

function addConvolution(graph: GraphInMaking, layer: NetworkLayer, x: string): string {
  const { name, kind, kernel, stride, padding: zeros } = layer;
  const input = [x, `${name}.weight`];
  if (kind === 'linear') {
    return addNode(graph, name, 'MatMul', input, { transpose_a: { b: false }, transpose_b: { b: false } });
  }
  const padding: GraphNode['attr'] =
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
