import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/formats/safetensors/read-safetensors.js';
import { drawParameters } from '../../src/models/draw-parameters.js';
import { loadNetwork, saveNetwork } from '../../src/models/network-files.js';
import { networkCosts } from '../../src/networks/network-costs.js';
import { networkFromJson } from '../../src/networks/network-json.js';
import { networkNamed } from '../../src/networks/network-named.js';
import { readFile } from 'node:fs/promises';
import { safetensors } from '../formats/safetensors/safetensors.js';
import { mutations } from '../mutations.js';

/** Mutations of each kind of JSON; a longer run takes more: MUTATIONS=5000 npx vitest run test/models/mutations. */
const COUNT = Number(process.env.MUTATIONS ?? 100);

const clear = /^(invalid|unknown|missing) [^]+: [^]* \([^]+\)/;

/** Fails for an error that is not ours: every answer is right or a clear refusal. */
function expectClear(text: string, error: unknown): void {
  const said = `${(error as Error).name}: ${(error as Error).message} for ${text.slice(0, 300)}`;
  expect(error, said).toBeInstanceOf(RangeError);
  expect((error as Error).message, said).toMatch(clear);
  expect((error as Error).message.length, said).toBeLessThan(3000);
}

describe('a network in JSON, one thing of it changed', () => {
  it.each(['rexnet-0.5', 'efficientnet-b0', 'rexnet-lite'])(
    '%s: costs are exact or it is refused',
    (name) => {
      for (const text of mutations(networkNamed(name), COUNT)) {
        try {
          const { params, macs } = networkCosts(networkFromJson(JSON.parse(text)));
          expect(Number.isSafeInteger(params) && Number.isSafeInteger(macs), text).toBe(true);
        } catch (error) {
          expectClear(text, error);
        }
      }
      expect(({} as { blocks?: unknown }).blocks).toBeUndefined();
    },
  );
});

describe('model.json, one thing of it changed', () => {
  let folder = '';
  const network = networkNamed('cifar:2-3');
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rankscope-mutations-'));
    await saveNetwork(folder, network, drawParameters(network));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives the weights of a whole network or is refused', async () => {
    const path = join(folder, 'model.json');
    const { modelTopology: _, ...model } = JSON.parse(await readFile(path, 'utf8')) as Record<
      string,
      unknown
    >;
    let loaded = 0;
    for (const text of mutations(model, COUNT)) {
      await writeFile(path, text);
      try {
        const { parameters } = await loadNetwork(folder);
        for (const { data } of parameters.values()) expect(data.every(Number.isFinite), text).toBe(true);
        loaded++;
      } catch (error) {
        expectClear(text, error);
      }
    }
    expect(loaded).toBeGreaterThan(0); // notes may change
    expect(loaded).toBeLessThan(COUNT);
  });

  it.each([
    '../x.bin',
    '/etc/passwd',
    '..',
    'a/b.bin',
    '%2e%2e%2fx',
    'https://x.test/w.bin',
    'C:\\w.bin',
    'a\\b',
    '',
  ])('does not leave the folder for %s', async (shard) => {
    await saveNetwork(folder, network, drawParameters(network));
    const path = join(folder, 'model.json');
    const model = JSON.parse(await readFile(path, 'utf8')) as { weightsManifest: { paths: string[] }[] };
    model.weightsManifest[0]!.paths = [shard];
    await writeFile(path, JSON.stringify(model));
    await expect(loadNetwork(folder)).rejects.toThrow(
      `invalid weightsManifest[0].paths[0]: ${shard || "''"} (allowed: `,
    );
  });

  it('names a shard of another length, and a tensor with NaN or a negative variance', async () => {
    const parameters = drawParameters(network);
    await saveNetwork(folder, network, parameters);
    const shard = join(folder, 'group1-shard1of1.bin');
    const bytes = await readFile(shard);
    await writeFile(shard, Buffer.concat([bytes, Buffer.alloc(4)]));
    await expect(loadNetwork(folder)).rejects.toThrow(
      `invalid weights: ${bytes.length + 4} bytes in ${shard} (allowed: ${bytes.length} bytes)`,
    );
    await writeFile(shard, Buffer.concat([Buffer.from([0, 0, 0xc0, 0x7f]), bytes.subarray(4)]));
    await expect(loadNetwork(folder)).rejects.toThrow(
      /^invalid number of stem.weight: NaN at 0 \(allowed: finite float32 numbers\) in .*model.json/,
    );
    const negative = new Map(parameters).set('stem.variance', {
      shape: [16],
      data: new Float32Array(16).fill(-1),
    });
    await expect(saveNetwork(folder, network, negative)).rejects.toThrow(
      'invalid number of stem.variance: -1 at 0',
    );
  });
});

describe('the header of a .safetensors, one thing of it changed', () => {
  it('is read or refused', () => {
    const entry = (from: number, to: number) => ({
      dtype: 'F32',
      shape: [to - from],
      data_offsets: [4 * from, 4 * to],
    });
    const header = { __metadata__: { format: 'pt' }, a: entry(0, 2), 'b.c': entry(2, 2), d: entry(2, 5) };
    for (const text of mutations(header, 3 * COUNT)) {
      try {
        for (const { shape, read } of readSafetensors(safetensors(text, new Uint8Array(20))).values())
          expect(read().length, text).toBe(shape.reduce((size, n) => size * n, 1));
      } catch (error) {
        expectClear(text, error);
      }
    }
  });
});
