import type { ActivationName } from '../../../src/activations/definitions.js';
import { createTrainingKernels } from '../../../src/kernels/training-kernels.js';
import type { NetworkLayer } from '../../../src/networks/network-layer.js';
import type { Network } from '../../../src/networks/network.js';
import { fillNormal } from '../../../src/random/distributions.js';
import { createStream } from '../../../src/random/stream.js';
import { backwardPass } from '../../../src/training/kernels/backward-pass.js';
import { forwardPass } from '../../../src/training/kernels/forward-pass.js';
import { namedArrays } from '../../../src/training/kernels/layer-tensors.js';
import { packFilters } from '../../../src/training/kernels/pack-filters.js';
import { placeTraining } from '../../../src/training/kernels/placement.js';
import { allocateTraining, type FeatureView } from '../../../src/training/kernels/training-memory.js';
import {
  clipOf,
  type PlannedFeatures,
  type TrainingStep,
} from '../../../src/training/kernels/training-plan.js';

/** One layer on random features, each channel with a scale and shift of its own. */
export interface Operation {
  readonly kind: TrainingStep['kind'];
  readonly channelsIn: number;
  readonly channelsOut: number;
  readonly size: number;
  readonly images: number;
  readonly kernel?: number;
  readonly stride?: number;
  readonly activation: ActivationName;
}

/** Features without padding, in float64. */
export interface PlainFeatures {
  /** Before scale and shift. */
  readonly y: Float64Array<ArrayBuffer>;
  /** Scale, shift, constant, slope, mean of each channel. */
  readonly table: readonly Float64Array[];
  readonly gradient: Float64Array<ArrayBuffer>;
  readonly sums: Float64Array;
  readonly first: Float64Array;
  readonly gradientSums: Float64Array;
}

export interface OperationResult {
  readonly inputs: readonly PlainFeatures[];
  readonly output: PlainFeatures;
  readonly weights: Float64Array<ArrayBuffer>;
  readonly weightGradient: Float64Array<ArrayBuffer>;
}

/**
 * Runs the kernels of one operation forward and backward, on random features and a random gradient.
 * @param skipped pages of memory before the first that is used
 */
export function runOperation(operation: Operation, skipped = 0): OperationResult {
  const { kind, channelsIn, channelsOut, size, images, kernel = 1, stride = 1, activation } = operation;
  /** Whether the kernels take the gradient of the output as it is. */
  const unchanged = kind === 'shortcut' || kind === 'pool';
  const outSize = kind === 'pool' ? 1 : Math.ceil(size / stride);
  const features = (channels: number, width: number, f: ActivationName): PlannedFeatures => ({
    channels,
    row: Math.ceil(channels / 8) * 8,
    size: width,
    activation: f,
    clips: clipOf(f) !== undefined,
    measured: true,
  });
  const second =
    kind === 'scale'
      ? [features(channelsIn, 1, 'sigmoid')]
      : kind === 'shortcut'
        ? [features(channelsIn, size, activation)]
        : [];
  const x = features(kind === 'shortcut' ? channelsOut : channelsIn, size, activation);
  const y = features(channelsOut, outSize, unchanged ? 'linear' : 'relu6');
  const network = { name: 'one operation', resolution: size } as Network;
  const kinds = { product: 'convolution', window: 'convolution' } as const;
  const layer = {
    ...{ name: 'one', kind: kinds[kind as 'product'] ?? kind, kernel, stride, channelsIn, channelsOut },
    ...{ normalization: { epsilon: 1e-5 }, bias: false },
  } as NetworkLayer;
  const all = [features(3, 1, 'linear'), x, ...second, y];
  const output = all.length - 1;
  const inputs: TrainingStep['inputs'] = second.length > 0 ? [1, 2] : [1];
  const step = { layer, kind, inputs, output } as TrainingStep;
  const plan = { network, features: all, steps: [step] };
  const placement = placeTraining(plan, images, false);
  const kernels = createTrainingKernels();
  kernels.memory.grow(skipped);
  const memory = allocateTraining(kernels, plan, placement, images);
  const { buffer } = memory.kernels.memory;
  const stream = createStream(0, JSON.stringify(operation));
  const scatter = (data: Float32Array, { row, channels }: PlannedFeatures) => {
    for (let i = 0; i < data.length; i++) {
      if (i % row < channels) data[i] = fillNormal(stream, new Float64Array(1), 1)[0]! + 0.3;
    }
  };
  const whole = ({ row, size: width }: PlannedFeatures, at: number) =>
    new Float32Array(buffer, at, images * width * width * row);

  for (const i of inputs) {
    const view = memory.views[i]!;
    scatter(whole(view.features, view.y), view.features);
    scatter(view.table, view.features);
  }
  const weights = namedArrays(memory, 'parameter').get('one.weight');
  if (weights) fillNormal(stream, weights);
  packFilters(memory, 'parameter', true);
  forwardPass(memory, images, true, () => undefined);
  const view = memory.views[output]!;
  if (!unchanged) scatter(view.table, view.features);
  const slot = memory.base + placement.slots[placement.gradients.scores]!;
  scatter(whole(view.features, slot), view.features);
  const outputGradient = plain(whole(view.features, slot), view.features);
  const written = plainFeatures(view, whole(view.features, view.y));
  const firstInputs = inputs.map((i) => {
    const { features: of, y: at } = memory.views[i]!;
    return plain(whole(of, at), of);
  });
  backwardPass(memory, images, () => undefined);
  return {
    inputs: inputs.map((i, k) => {
      const of = memory.views[i]!;
      const gradient = plain(whole(of.features, of.gradient[0]!), of.features);
      return { ...plainFeatures(of, whole(of.features, of.y)), y: firstInputs[k]!, gradient };
    }),
    output: { ...written, gradient: outputGradient },
    weights: Float64Array.from(weights ?? []),
    weightGradient: Float64Array.from(namedArrays(memory, 'gradient').get('one.weight') ?? []),
  };
}

function plain(data: Float32Array, { row, channels }: PlannedFeatures): Float64Array<ArrayBuffer> {
  return Float64Array.from(data.filter((_, i) => i % row < channels));
}

function plainFeatures(
  { features, table, first, sums, gradientSums }: FeatureView,
  y: Float32Array,
): PlainFeatures {
  const { row, channels } = features;
  const of = (array: Float32Array | Float64Array, from: number) =>
    Float64Array.from(array.subarray(from * row, from * row + channels));
  return {
    y: plain(y, features),
    table: [0, 1, 2, 3, 4].map((i) => of(table, i)),
    gradient: new Float64Array(0),
    first: of(first, 0),
    sums: Float64Array.from([...of(sums, 0), ...of(sums, 1)]),
    gradientSums: Float64Array.from([...of(gradientSums, 0), ...of(gradientSums, 1)]),
  };
}
