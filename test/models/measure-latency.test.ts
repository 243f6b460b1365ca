import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../../src/layers/backend.js';
import { measureLatency } from '../../src/models/measure-latency.js';
import { networkNamed } from '../../src/networks/network-named.js';

const narrow = networkNamed('cifar:8-9', { resolution: 8 });
const wide = networkNamed('cifar:64-96', { resolution: 64 });

describe('measureLatency', () => {
  beforeAll(() => useBackend('wasm'));

  it('gives every timed run by the clock, and none of the warm-up', async () => {
    // each run takes as long as its number
    let asked = 0;
    let time = 0;
    const now = () => (time += ++asked % 2 === 0 ? asked / 2 : 1000);
    const done: [number, number][] = [];
    const latencies = await measureLatency([narrow, wide, narrow], {
      ...{ runs: 4, warmUp: 2, now },
      onRun: (...counts) => done.push(counts),
    });
    expect(done).toEqual(Array.from({ length: 18 }, (_, i) => [i + 1, 18]));
    expect(asked).toBe(2 * 18);
    const all = latencies.flatMap(({ samples }) => samples);
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => 7 + i));
    expect(latencies.map(({ network }) => network)).toEqual([narrow, wide, narrow]);
    // interleaved: each network once a round; in an order that changes
    const rounds = latencies.map(({ samples }) => samples.map((sample) => Math.floor((sample - 7) / 3)));
    expect(rounds).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    const places = latencies.map(({ samples }) => new Set(samples.map((sample) => (sample - 7) % 3)).size);
    expect(Math.max(...places)).toBeGreaterThan(1);
    for (const { samples, lowerQuartile, median, upperQuartile } of latencies) {
      const [a, b, c, d] = samples as [number, number, number, number];
      expect([lowerQuartile, median, upperQuartile]).toEqual([
        0.25 * a + 0.75 * b,
        (b + c) / 2,
        0.75 * c + 0.25 * d,
      ]);
    }
  });

  it('keeps the whole rounds until it is stopped', async () => {
    const controller = new AbortController();
    const onRun = (done: number) => {
      if (done === 5) controller.abort(); // within the third round
    };
    const stopped = await measureLatency([narrow, narrow], {
      ...{ runs: 4, warmUp: 0, onRun },
      signal: controller.signal,
    });
    expect(stopped.map(({ samples }) => samples.length)).toEqual([2, 2]);
  });

  it('finds that a network of hundreds of times the work takes longer, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const [less, more] = await measureLatency([narrow, wide], { batch: 2, runs: 9 });
    expect(more!.median).toBeGreaterThan(less!.median);
    expect(less).toMatchObject({ network: narrow, batch: 2 });
    expect(less!.samples).toHaveLength(9);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ batch: 0 }, /^invalid batch: 0 \(allowed: a whole number >= 1\)$/],
    [{ batch: 1.5 }, /^invalid batch: 1.5 /],
    [{ runs: 0 }, /^invalid runs: 0 /],
    [{ warmUp: -1 }, /^invalid warmUp: -1 /],
    [{ seed: -1 }, /seed: -1/],
    [
      { batch: 1e6 },
      /^invalid batch: 1000000 \(allowed: on the wasm backend at most \d+ for cifar:8-9 at 8 pixels, so that a layer fits 1 GiB\)$/,
    ],
  ])('refuses %j', async (options, message) => {
    await expect(measureLatency([narrow], options)).rejects.toThrow(message);
  });

  it('refuses no networks, and a resolution for which there is no memory', async () => {
    await expect(measureLatency([])).rejects.toThrow(/^missing networks: /);
    const huge = networkNamed('rexnet', { resolution: 8192 });
    await expect(measureLatency([narrow, huge])).rejects.toThrow(
      /^invalid resolution: 8192 \(allowed: on the wasm backend so low that a layer of rexnet-1.0 fits 1 GiB\)$/,
    );
  });
});

describe('measureLatency of a network that does not run', () => {
  it('names it, and leaves no tensor behind', async () => {
    await useBackend('cpu');
    const before = tf.memory().numTensors;
    const broken = { ...narrow, name: 'broken', resolution: -1 };
    await expect(measureLatency([narrow, broken])).rejects.toThrow(/^broken does not run at -1 pixels: ./);
    expect(tf.memory().numTensors).toBe(before);
  });
});
