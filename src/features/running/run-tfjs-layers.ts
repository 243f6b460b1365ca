import type * as tfjsLayers from '@tensorflow/tfjs-layers';
import { messageOf } from '../../errors.js';
import { entryOf } from '../../lookups.js';
import type { ModelFile, Skipped } from '../../formats/model-file.js';
import { tf } from '../../layers/tensors.js';
import { packageVersion } from '../../package-version.js';
import { featurePlaces } from './feature-places.js';
import { loadOptional } from './load-optional.js';
import type { Runnable, VisitValue } from './runnable.js';
import type { TfjsArtifacts } from './tfjs-artifacts.js';
import { numbersOfTensor, tensorOfFeed } from './tfjs-feeds.js';
import { withoutLayerClass } from './without-layer-class.js';

type LayersModule = typeof tfjsLayers;
type LayersModel = Awaited<ReturnType<LayersModule['loadLayersModel']>>;

/** The parts of a layer of tfjs-layers that are replaced: its computation and its own activation. */
interface Hooked {
  readonly name: string;
  call(inputs: unknown, options: unknown): tf.Tensor | tf.Tensor[];
  activation?: Activation;
  readonly layers?: readonly Hooked[] | undefined;
  readonly layer?: Hooked | undefined;
}
interface Activation {
  apply(x: tf.Tensor, axis?: number): tf.Tensor;
  getClassName(): string;
}

/**
 * Returns a Keras model of TensorFlow.js that runs on the active tensor backend. A layer's output is read when it is
 * computed, before and behind its own activation. Nothing else is kept.
 * @throws Error where `@tensorflow/tfjs-layers` is not installed
 */
export async function runTfjsLayers(file: ModelFile, artifacts: TfjsArtifacts): Promise<Runnable> {
  const name = '@tensorflow/tfjs-layers';
  const layers = await loadOptional(
    name,
    'Keras models of TensorFlow.js that run',
    () => import('@tensorflow/tfjs-layers'),
  );
  const { model, lost } = await load(layers, artifacts);
  let seen: { readonly wanted: ReadonlySet<string>; readonly visit: VisitValue } | undefined;
  const show = (value: string, tensor: tf.Tensor) => {
    if (seen?.wanted.has(value)) seen.visit(value, numbersOfTensor(tensor));
  };
  for (const layer of model.layers) hook(layer as unknown as Hooked, show);
  const { places, skipped } = featurePlaces(file);
  const inputs = model.inputs.map(({ shape, dtype }, i) => ({
    name: model.inputNames[i]!,
    shape: shape.map((size) => size ?? null),
    dtype,
  }));
  return {
    ...{ path: file.path, format: file.format, inputs, places },
    skipped: [...skipped, ...lost],
    runner: `tfjs-layers ${packageVersion(name)} on ${tf.getBackend()}`,
    run(feeds, wanted, visit) {
      const given = inputs.map(({ name: input, dtype }) => tensorOfFeed(entryOf(feeds, input), dtype));
      seen = { wanted: new Set(wanted), visit };
      try {
        tf.dispose(model.predict(given as never, { batchSize: given[0]?.shape[0] ?? 1 }));
      } finally {
        seen = undefined;
        tf.dispose(given);
      }
      return Promise.resolve();
    },
    close() {
      model.dispose();
      file.close();
    },
  };
}

/** The most unknown kinds of layers. */
const MAX_UNKNOWN = 20;

/** Loads the model without layers of classes unknown to tfjs-layers and without the layers that depend on them. */
async function load(
  { loadLayersModel }: LayersModule,
  artifacts: TfjsArtifacts,
): Promise<{ model: LayersModel; lost: Skipped[] }> {
  let { modelTopology } = artifacts;
  const lost: Skipped[] = [];
  for (let attempt = 0; ; attempt++) {
    try {
      const load = () => Promise.resolve({ ...artifacts, modelTopology } as never);
      return { model: await loadLayersModel({ load }, { strict: lost.length === 0 }), lost };
    } catch (error) {
      const [, unknown] = /Unknown layer: ([\w$]+)/.exec(messageOf(error)) ?? [];
      const left = unknown === undefined ? undefined : withoutLayerClass(modelTopology, unknown);
      if (!left || attempt === MAX_UNKNOWN) throw error;
      modelTopology = left.topology;
      lost.push(
        ...left.removed.map((name) => ({
          name,
          reason: `tfjs-layers has no ${unknown}, which comes before it`,
        })),
      );
    }
  }
}

function hook(layer: Hooked, show: (value: string, tensor: tf.Tensor) => void): void {
  const { activation } = layer;
  if (activation && activation.getClassName() !== 'linear') {
    layer.activation = Object.assign(Object.create(activation) as Activation, {
      // a name that no fused operation has
      getClassName: () => `seen ${activation.getClassName()}`,
      apply: (x: tf.Tensor, axis?: number) => {
        show(`${layer.name}:before`, x);
        return activation.apply(x, axis);
      },
    });
  }
  const call = layer.call.bind(layer);
  layer.call = (inputs, options) => {
    const output = call(inputs, options);
    const [first] = Array.isArray(output) ? output : [output];
    if (first) show(layer.name, first);
    return output;
  };
  for (const inner of layer.layers ?? []) hook(inner, show);
  if (layer.layer) hook(layer.layer, show);
}
