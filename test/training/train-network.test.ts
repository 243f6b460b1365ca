import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../src/layers/tensors.js';
import { useBackend } from '../../src/layers/backend.js';
import { saveNetwork } from '../../src/models/network-files.js';
import { buildNetwork } from '../../src/models/network-model.js';
import { runNetwork } from '../../src/models/run-network.js';
import { cifarNetwork } from '../../src/networks/cifar.js';
import type { Checkpoint } from '../../src/training/checkpoint.js';
import { plainBatch } from '../../src/training/data/batches.js';
import type { TrainingData } from '../../src/training/data/labelled-images.js';
import { readTrainingData } from '../../src/training/data/read-training-data.js';
import { byteTable, channelMoments } from '../../src/training/data/standardise.js';
import {
  createEngine,
  checkTrainingMemory,
  type TrainingEngineName,
  trainingEngineNames,
} from '../../src/training/training-engines.js';
import { DivergedError, trainNetwork } from '../../src/training/train-network.js';
import { tapRanks } from '../../src/training/tap-ranks.js';
import { fromFolder } from '../models/from-folder.js';
import { writeStripes } from './small-images.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-train-'));
const plain = cifarNetwork([3, 4], { resolution: 8, classes: 3 });
const network = {
  ...plain,
  head: { ...plain.head, convolution: { channels: 9, activation: 'relu6' } as const },
};
const recipe = { epochs: 2, batch: 16, learningRate: 0.1, flip: false, average: 0.9, cutOut: 0.25 };
const few = writeStripes(join(folder, 'few'), 48, 4);
let data: TrainingData;
beforeAll(async () => {
  data = await readTrainingData(writeStripes(join(folder, 'data')), { resolution: 8 });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Trains until it is stopped after this many steps, and again from there, to the end. */
async function inPieces(engine: TrainingEngineName, images: TrainingData, steps: number) {
  let from: Checkpoint | undefined;
  for (let sitting = 0; ; sitting++) {
    const controller = new AbortController();
    let left = steps + (sitting % 2);
    const trained = await trainNetwork(network, images, recipe, {
      engine,
      from,
      signal: controller.signal,
      onStep: () => {
        if (--left === 0) controller.abort();
      },
      // what a file holds
      onCheckpoint: (checkpoint) => {
        const position = JSON.parse(JSON.stringify(checkpoint.position)) as Checkpoint['position'];
        from = { ...checkpoint, position };
      },
    });
    if (trained.state === 'complete') return { ...trained, sittings: sitting + 1 };
  }
}

describe.each(trainingEngineNames.filter((name) => name !== 'tfjs'))('trainNetwork with %s', (engine) => {
  const quick = engine.startsWith('kernels');
  it('learns, and has the same bits when it is stopped and continued', async () => {
    const images = quick ? data : await readTrainingData(few, { resolution: 8 });
    const whole = await trainNetwork(network, images, recipe, { engine });
    expect(whole.rows.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(whole.rows[1]!.trainLoss).toBeLessThan(whole.rows[0]!.trainLoss);
    const pieces = await inPieces(engine, images, 2);
    expect(pieces.sittings).toBeGreaterThan(2);
    expect(pieces.parameters).toEqual(whole.parameters);
    const numbers = (rows: typeof whole.rows) =>
      rows.map(({ seconds: _, imagesPerSecond: __, ...row }) => row);
    expect(numbers(pieces.rows)).toEqual(numbers(whole.rows));
  });
});

describe('trainNetwork', () => {
  it('gives a network that TensorFlow.js runs from its file with the same scores', async () => {
    await useBackend('cpu');
    const { parameters, engine: name } = await trainNetwork(network, data, { ...recipe, epochs: 1 });
    const { images } = plainBatch(data.test, byteTable(channelMoments(data.train)), 0, 8);
    const engine = createEngine(name, { network, batch: 8, parameters, averaged: false });
    const own = engine.scores(images);
    engine.dispose();
    const size = Math.max(...own.map(Math.abs));
    const path = join(folder, 'model');
    await saveNetwork(path, network, parameters);
    const [saved, model] = [await loadGraphModel(fromFolder(path)), buildNetwork(network, parameters)];
    const scores = tf.tidy(() => {
      const input = tf.tensor4d(images, [8, 8, 8, 3]);
      return [saved.predict(input) as tf.Tensor, runNetwork(model, input)].map((x) => x.dataSync());
    });
    for (const others of scores) {
      expect(others).toHaveLength(own.length);
      others.forEach((score, i) => expect(Math.abs(score - own[i]!)).toBeLessThan(1e-5 * size));
    }
    model.dispose();
    saved.dispose();
  });

  it('runs on tensors as on the twin, but for rounding', async () => {
    await useBackend('cpu');
    const images = await readTrainingData(writeStripes(join(folder, 'tiny'), 8, 2), { resolution: 8 });
    const [ours, twin] = await Promise.all(
      (['tfjs', 'twin'] as const).map((engine) =>
        trainNetwork(network, images, { ...recipe, batch: 4, epochs: 1 }, { engine }),
      ),
    );
    expect(ours!.engine).toBe('tfjs');
    expect(Math.abs(ours!.rows[0]!.trainLoss / twin!.rows[0]!.trainLoss - 1)).toBeLessThan(1e-4);
  });

  it('measures ranks after each epoch', async () => {
    await useBackend('cpu');
    const ranks = tapRanks(network, data, ['relative:0.01']);
    const { rows } = await trainNetwork(network, data, { ...recipe, epochs: 1 }, { ranks });
    expect(rows[0]!.ranks!.map(({ layer, tap }) => `${layer} ${tap}`)).toContain('block1.project output');
    expect(rows[0]!.ranks!.every(({ rank, channels }) => rank >= 1 && rank <= channels)).toBe(true);
  });

  it('stops where the loss is not finite, and keeps the checkpoint before', async () => {
    const kept: Checkpoint[] = [];
    const wild = { ...recipe, learningRate: 100, warmUp: 0, epochs: 50, average: 0, weightDecay: 10 };
    const training = trainNetwork(network, data, wild, {
      engine: 'kernels',
      checkpointSeconds: 0,
      onCheckpoint: (checkpoint) => void kept.push(checkpoint),
    });
    await expect(training).rejects.toThrow(/the loss became (NaN|Infinity) in epoch \d+, step \d+/);
    const error = (await training.catch((reason: unknown) => reason)) as DivergedError;
    expect(error).toBeInstanceOf(DivergedError);
    const { epochs, steps } = kept.at(-1)!.position;
    expect(epochs * 6 + steps).toBe((error.epoch - 1) * 6 + error.step - 1);
  });

  it.each([
    [cifarNetwork([3, 4], { resolution: 16, classes: 3 }), {}, 'invalid resolution of the data: 8'],
    [cifarNetwork([3, 4], { resolution: 8 }), {}, 'invalid classes of the network: 100 (allowed: 3'],
    [{ ...network, inputChannels: 1 }, {}, 'invalid channels of the data: 3'],
    [network, { batch: 97 }, 'invalid batch: 97 (allowed: at most 96'],
  ])('refuses what does not fit', async (other, own, message) => {
    await expect(trainNetwork(other, data, { ...recipe, ...own })).rejects.toThrow(message);
  });
});

describe('checkTrainingMemory', () => {
  it('says which batch fits', () => {
    const large = cifarNetwork([34, 34, 45, 55, 66]);
    const memory = { total: 2 ** 31, free: 2 ** 30 };
    const refused = () => checkTrainingMemory(large, 60_000, false, 'kernels', memory);
    expect(refused).toThrow(
      /invalid batch: 60000, [\d.]+ GiB \(allowed: at most \d+ for cifar:34-.* in 1.0 GiB\)/,
    );
    const most = Number(/at most (\d+)/.exec(String(catching(refused)))![1]);
    expect(() => checkTrainingMemory(large, most, false, 'kernels', memory)).not.toThrow();
    expect(() => checkTrainingMemory(large, most + 1, false, 'kernels', memory)).toThrow('invalid batch');
    const vast = cifarNetwork([500, 500], { resolution: 4096 });
    expect(() => checkTrainingMemory(vast, 2, false, 'kernels', memory)).toThrow('invalid network');
  });
});

function catching(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
