import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activationNames } from '../../src/activations/definitions.js';
import { useBackend } from '../../src/layers/backend.js';
import { drawParameters } from '../../src/models/draw-parameters.js';
import { loadNetwork, saveNetwork } from '../../src/models/network-files.js';
import { buildNetwork } from '../../src/models/network-model.js';
import { runNetwork } from '../../src/models/run-network.js';
import { networkFromJson } from '../../src/networks/network-json.js';
import { networkNamed } from '../../src/networks/network-named.js';
import type { Network } from '../../src/networks/network.js';
import { cases, formulaParameters, networkOf } from './formula.js';
import { fromFolder } from './from-folder.js';

let folder = '';
beforeAll(async () => {
  await useBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'rankscope-models-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('saveNetwork', () => {
  it('writes what loadNetwork reads, in files of 4 MB', async () => {
    const network = networkNamed('mobilenet-v2-0.75', { classes: 100 });
    const parameters = drawParameters(network, { seed: 3 });
    const path = join(folder, 'mobile');
    const paths = await saveNetwork(path, network, parameters);
    expect(paths).toEqual(
      ['group1-shard1of2.bin', 'group1-shard2of2.bin', 'model.json'].map((name) => join(path, name)),
    );
    const read = await loadNetwork(path);
    expect(read.network).toEqual(network);
    expect([...read.parameters.keys()]).toEqual([...parameters.keys()]);
    for (const [name, { shape, data }] of parameters) {
      const found = read.parameters.get(name)!;
      expect(found.shape).toEqual(shape);
      // a matcher would walk millions of elements one by one
      expect(Buffer.from(found.data.buffer).equals(Buffer.from(data.buffer)), name).toBe(true);
    }
  });

  const every = networkFromJson({
    name: 'every',
    resolution: 15,
    blocks: [
      { kind: 'conv3x3', channels: 8, squeezeExcitation: {} },
      { kind: 'pointwise', channels: 12, stride: 2 },
      { kind: 'separable', channels: 20, kernel: 5, stride: 2 },
      ...activationNames.map((name) => ({
        kind: 'inverted-depthwise',
        channels: 20,
        expansion: 2,
        activations: { expand: name, spatial: name },
      })),
    ],
    head: { classes: 3, hidden: { channels: 9 } },
  });

  it.each([...cases.map(networkOf), every])(
    '$name is run by TensorFlow.js with the same result',
    async (network) => {
      const given = cases.find((one) => one.network === network.name);
      const parameters = given
        ? formulaParameters(network, given)
        : drawParameters(network, { weights: 'pytorch', bias: 'normal:0.1' });
      const path = join(folder, network.name);
      await saveNetwork(path, network, parameters);
      const images = tf.randomNormal<tf.Rank.R4>([2, 17, 17, 3], 0, 1, 'float32', 7);
      const own = runNetwork(buildNetwork(network, parameters), images).dataSync();
      const model = await loadGraphModel(fromFolder(path));
      const theirs = (model.predict(images) as tf.Tensor).dataSync();
      expect(theirs.length).toBe(own.length);
      const scale = Math.max(...own.map(Math.abs));
      expect(scale).toBeGreaterThan(0);
      own.forEach((score, i) => expect(Math.abs(score - theirs[i]!) / scale).toBeLessThan(2 ** -14));
    },
  );

  it('refuses parameters of another network', async () => {
    const network = networkNamed('cifar:8-8');
    await expect(
      saveNetwork(join(folder, 'x'), network, drawParameters(networkNamed('cifar:8-9'))),
    ).rejects.toThrow(/^invalid weights: 6 mismatches .*block2.project.weight has shape \[1, 1, 48, 9\]/);
  });
});

describe('loadNetwork', () => {
  const small = async (name: string) => {
    const network: Network = networkNamed('cifar:8-8');
    const path = join(folder, name);
    await saveNetwork(path, network, drawParameters(network));
    return path;
  };

  it('says which file is missing', async () => {
    await expect(loadNetwork(join(folder, 'nothing'))).rejects.toThrow(
      `missing model: ${join(folder, 'nothing', 'model.json')} (no such file or folder)`,
    );
    const path = await small('no-shard');
    await rm(join(path, 'group1-shard1of1.bin'));
    await expect(loadNetwork(path)).rejects.toThrow(/^missing weights: .*group1-shard1of1.bin/);
  });

  it('refuses truncated weights and files of another kind', async () => {
    const path = await small('short');
    await truncate(join(path, 'group1-shard1of1.bin'), 1000);
    await expect(loadNetwork(path)).rejects.toThrow(
      /^invalid weights: 1000 bytes in .*shard1of1.bin \(allowed: \d+ bytes\)/,
    );
    await writeFile(join(path, 'model.json'), '{}');
    await expect(loadNetwork(path)).rejects.toThrow(
      /^missing format: not given \(allowed: graph-model\) in .*model.json/,
    );
    await writeFile(join(path, 'model.json'), '{');
    await expect(loadNetwork(path)).rejects.toThrow(/^invalid model: .*model.json \(allowed: JSON;/);
  });

  it('lists what does not fit the description', async () => {
    const path = await small('other');
    const file = join(path, 'model.json');
    const model = JSON.parse(await readFile(file, 'utf8')) as {
      userDefinedMetadata: { network: { blocks: { channels: number }[] } };
    };
    model.userDefinedMetadata.network.blocks[1]!.channels = 9;
    await writeFile(file, JSON.stringify(model));
    await expect(loadNetwork(path)).rejects.toThrow(/^invalid weights: 6 mismatches/);
  });
});
