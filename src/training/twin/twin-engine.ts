import { checkParameters, parameterShapes } from '../../models/parameters.js';
import { networkLayers } from '../../networks/network-layers.js';
import { checkBatch } from '../check-batch.js';
import { checkState } from '../check-state.js';
import type { EngineOptions, EngineState, StepSettings, TrainingEngine } from '../engine.js';
import { crossEntropy } from './cross-entropy.js';
import { backwardPass, forwardPass, type NetworkTrace } from './network-passes.js';
import { updateRunning } from './normalization.js';
import { updateAverage, updateByAdam, updateByMomentum } from './update.js';

/**
 * Returns an engine that trains in float64, written to be read: one plain function for each operation. It is the
 * reference of the kernels in tests, and what trains where WebAssembly is forbidden.
 *
 * @throws RangeError where the parameters are not those of the network
 */
export function createTwinEngine({ network, batch, parameters, averaged }: EngineOptions): TrainingEngine {
  checkParameters(network, parameters);
  const layers = networkLayers(network);
  const { classes } = network.head;
  const places = parameterShapes(network).map((place) => ({
    ...place,
    trained: place.role !== 'mean' && place.role !== 'variance',
  }));
  const copied = () =>
    new Map(places.map(({ name }) => [name, Float64Array.from(parameters.get(name)!.data)] as const));
  const values = copied();
  const averages = averaged ? copied() : undefined;
  const zeros = () =>
    new Map(
      places
        .filter(({ trained }) => trained)
        .map(({ name }) => [name, new Float64Array(values.get(name)!.length)] as const),
    );
  const first = zeros();
  const second = zeros();
  let gradients = zeros();
  let steps = 0;

  const update = (settings: StepSettings) => {
    steps++;
    for (const { name, role, trained } of places) {
      if (!trained) continue;
      const tensor = { value: values.get(name)!, first: first.get(name)!, second: second.get(name)! };
      const decay = role === 'weight' ? settings.weightDecay : 0;
      if (settings.optimiser === 'sgd') updateByMomentum(tensor, gradients.get(name)!, settings, decay);
      else updateByAdam(tensor, gradients.get(name)!, settings, decay, steps);
    }
    for (const [name, average] of averages ?? []) {
      updateAverage(average, values.get(name)!, settings.averageDecay);
    }
  };
  const moveRunning = (trace: NetworkTrace) => {
    for (const { layer, plain, moments } of trace.layers) {
      if (!moments) continue;
      const running = {
        mean: values.get(`${layer.name}.mean`)!,
        variance: values.get(`${layer.name}.variance`)!,
      };
      updateRunning(running, moments, plain.length / layer.channelsOut);
    }
  };
  const run = (images: Float32Array, count: number, training: boolean) =>
    forwardPass(layers, training ? values : (averages ?? values), Float64Array.from(images), count, training);

  return {
    network,
    batch,
    step: (images, labels, settings) => {
      const count = checkBatch(network, batch, images, labels);
      const trace = run(images, count, true);
      const { loss, correct, gradient } = crossEntropy(
        trace.features.at(-1)!,
        labels,
        classes,
        settings.labelSmoothing,
      );
      gradients = backwardPass(trace, values, gradient);
      moveRunning(trace);
      update(settings);
      return { loss, correct };
    },
    evaluate: (images, labels) => {
      const count = checkBatch(network, batch, images, labels);
      const { loss, correct } = crossEntropy(run(images, count, false).features.at(-1)!, labels, classes);
      return { loss, correct };
    },
    scores: (images) => run(images, checkBatch(network, batch, images), false).features.at(-1)!,
    parameters: () =>
      new Map(
        places.map(({ name, shape }) => [
          name,
          { shape, data: Float32Array.from((averages ?? values).get(name)!) },
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
        for (const [name, data] of map) data.set(state.tensors.get(`${role}/${name}`)!);
      }
      steps = state.steps;
    },
    dispose: () => undefined,
  };
}
