import { entryOf } from '../../lookups.js';
import { checkParameters, parameterShapes } from '../../models/parameters.js';
import { checkBatch } from '../check-batch.js';
import { checkState } from '../check-state.js';
import type {
  BatchResult,
  TrainingEngineOptions,
  EngineState,
  StepSettings,
  TrainingEngine,
} from '../engine.js';
import { crossEntropy } from './cross-entropy.js';
import type { Tensors } from './network-passes.js';
import { type Moments, updateRunning } from './normalization.js';
import { updateAverage, updateByAdam, updateByMomentum } from './update.js';
import type { Vector } from './vector.js';

/** The computation of a network's scores and gradients. */
export interface Passes {
  /** Returns the gradients of a batch's loss, and the moments used by its normalizations. */
  train(values: Tensors, images: Float32Array, labels: Int32Array, smoothing: number): PassResult;
  /** Returns the scores [images, classes], with running statistics. */
  scores(values: Tensors, images: Float32Array, count: number): Vector;
}

export interface PassResult extends BatchResult {
  /** By parameter name. */
  readonly gradients: ReadonlyMap<string, Vector>;
  readonly moments: readonly {
    /** The layer's name. */
    readonly name: string;
    readonly moments: Moments;
    /** Positions of the batch that the moments are over. */
    readonly positions: number;
  }[];
}

/**
 * Returns an engine that keeps and updates parameters in float64, with gradients from the given passes.
 *
 * @throws RangeError where the parameters are not those of the network
 */
export function createFloat64Engine(
  { network, batch, parameters, averaged }: TrainingEngineOptions,
  passes: Passes,
): TrainingEngine {
  checkParameters(network, parameters);
  const { classes } = network.head;
  const places = parameterShapes(network).map((place) => ({
    ...place,
    trained: place.role !== 'mean' && place.role !== 'variance',
  }));
  const copied = () =>
    new Map(places.map(({ name }) => [name, Float64Array.from(entryOf(parameters, name).data)] as const));
  const values = copied();
  const averages = averaged ? copied() : undefined;
  const zeros = () =>
    new Map(
      places
        .filter(({ trained }) => trained)
        .map(({ name }) => [name, new Float64Array(entryOf(values, name).length)] as const),
    );
  const first = zeros();
  const second = zeros();
  let gradients: ReadonlyMap<string, Vector> = zeros();
  let steps = 0;

  const update = (settings: StepSettings) => {
    steps++;
    for (const { name, role, trained } of places) {
      if (!trained) continue;
      const tensor = {
        value: entryOf(values, name),
        first: entryOf(first, name),
        second: entryOf(second, name),
      };
      const decay = role === 'weight' ? settings.weightDecay : 0;
      if (settings.optimiser === 'sgd') updateByMomentum(tensor, entryOf(gradients, name), settings, decay);
      else updateByAdam(tensor, entryOf(gradients, name), settings, decay, steps);
    }
    for (const [name, average] of averages ?? []) {
      updateAverage(average, entryOf(values, name), settings.averageDecay);
    }
  };
  const moveRunning = ({ name, moments, positions }: PassResult['moments'][number]) => {
    const running = { mean: entryOf(values, `${name}.mean`), variance: entryOf(values, `${name}.variance`) };
    updateRunning(running, moments, positions);
  };
  const scoresOf = (images: Float32Array, count: number) => passes.scores(averages ?? values, images, count);

  return {
    network,
    batch,
    step: (images, labels, settings) => {
      checkBatch(network, batch, images, labels);
      const { loss, correct, ...result } = passes.train(values, images, labels, settings.labelSmoothing);
      ({ gradients } = result);
      result.moments.forEach(moveRunning);
      update(settings);
      return { loss, correct };
    },
    evaluate: (images, labels) => {
      const count = checkBatch(network, batch, images, labels);
      const { loss, correct } = crossEntropy(scoresOf(images, count), labels, classes);
      return { loss, correct };
    },
    scores: (images) => scoresOf(images, checkBatch(network, batch, images)),
    parameters: () =>
      new Map(
        places.map(({ name, shape }) => [
          name,
          { shape, data: Float32Array.from(entryOf(averages ?? values, name)) },
        ]),
      ),
    gradients: () => new Map([...gradients].map(([name, data]) => [name, data.slice()])),
    state: () => {
      const roles = Object.entries({ value: values, first, second, average: averages ?? new Map() });
      const tensors = roles.flatMap(([role, map]) =>
        [...map].map(([name, data]) => [`${role}/${name}`, data.slice()] as const),
      );
      return { steps, tensors: new Map(tensors) };
    },
    restore: (state: EngineState) => {
      const own = { value: values, first, second, ...(averages && { average: averages }) };
      checkState(state, own);
      for (const [role, map] of Object.entries(own)) {
        for (const [name, data] of map) data.set(entryOf(state.tensors, `${role}/${name}`));
      }
      steps = state.steps;
    },
    dispose: () => undefined,
  };
}
