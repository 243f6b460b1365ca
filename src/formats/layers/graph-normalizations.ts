import { lengthOf } from '../elements.js';
import type { NamedTensor } from '../model-file.js';
import type { GraphNode, ModelGraph } from '../model-graph.js';
import type { FollowingNormalization } from './weight-matrix.js';

/** Normalizations by their operations, with the epsilon of a node that has none. */
const epsilons: ReadonlyMap<string, number> = new Map([
  ['BatchNormalization', 1e-5],
  ['SpatialBN', 1e-5],
  ['FusedBatchNorm', 1e-4],
  ['FusedBatchNormV2', 1e-4],
  ['FusedBatchNormV3', 1e-4],
  ['BatchNormalizationV1', 1e-3],
  ['SyncBatchNormalization', 1e-3],
]);

const additions = new Set(['Add', 'AddV2', 'BiasAdd', 'Identity']);
/** Between a layer and its normalization: a bias. */
const MAX_STEPS = 2;

/**
 * Returns the normalization that directly follows each layer in a graph, by the name of the layer's weight. Its first
 * input is the layer's output, perhaps with a bias, which nothing else takes. The others are scale, shift, mean,
 * variance.
 */
export function graphNormalizations(
  { nodes }: ModelGraph,
  tensors: readonly NamedTensor[],
): Map<string, FollowingNormalization> {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const takers = new Map<string, number>();
  for (const { inputs } of nodes) for (const input of inputs) takers.set(input, (takers.get(input) ?? 0) + 1);
  const found = new Map<string, FollowingNormalization>();
  for (const node of nodes) {
    const epsilon = epsilons.get(node.op);
    if (epsilon === undefined) continue;
    const layer = layerBefore(node, producers, takers);
    if (!layer || isActivated(layer)) continue;
    const weight = layer.inputs.filter((input) => (byName.get(input)?.shape.length ?? 0) >= 2).at(-1);
    const factors = factorsOf(node, byName, epsilon);
    if (weight !== undefined && factors) found.set(weight, { name: node.name, known: true, factors });
  }
  return found;
}

function layerBefore(
  normalization: GraphNode,
  producers: ReadonlyMap<string, GraphNode>,
  takers: ReadonlyMap<string, number>,
): GraphNode | undefined {
  let [value = ''] = normalization.inputs;
  for (let step = 0; step <= MAX_STEPS; step++) {
    const node = producers.get(value);
    if (!node || takers.get(value) !== 1) return undefined;
    if (!additions.has(node.op)) return node;
    [value = ''] = node.inputs;
  }
  return undefined;
}

/** A layer of Keras may have an activation of its own. */
function isActivated({ attributes }: GraphNode): boolean {
  const activation = attributes.get('activation');
  return activation !== undefined && activation !== 'linear';
}

function factorsOf(
  { inputs, attributes }: GraphNode,
  byName: ReadonlyMap<string, NamedTensor>,
  usual: number,
): (() => Promise<Float64Array>) | undefined {
  const [, gammaName = '', , , varianceName = ''] = inputs;
  const [gamma, variance] = [byName.get(gammaName), byName.get(varianceName)];
  if (!variance || (gammaName !== '' && !gamma)) return undefined;
  const epsilon = attributes.get('epsilon');
  const added = typeof epsilon === 'number' ? epsilon : usual;
  return async () => {
    const count = lengthOf(variance.shape);
    const spread = await variance.read(0, count);
    // a normalization without a scale
    const scale = gamma && (await gamma.read(0, count));
    return Float64Array.from(spread, (value, i) => (scale?.[i] ?? 1) / Math.sqrt(value + added));
  };
}
