import { latin1 } from '../../../src/files/latin1.js';
import { readdir } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { readNetwork } from '../../../src/cli/options/read-network.js';
import { readWeights } from '../../../src/cli/options/read-weights.js';
import { readSafetensors } from '../../../src/formats/safetensors/read-safetensors.js';
import {
  drawParameters,
  loadNetwork,
  type Network,
  networkFromJson,
  networkNamed,
  networkReport,
  type Parameters,
  saveNetwork,
} from '../../../src/networks.js';
import { rexNetNames } from '../../../src/models/rexnet-names.js';
import { torchShape } from '../../../src/models/torch-layout.js';
import { networkLayers } from '../../../src/networks/network-layers.js';
import type { Stream } from '../../../src/random/stream.js';
import { type Input, inputOf, readFolder } from '../input.js';
import { rewriteJson } from '../mutate-json.js';
import { type Reader, type Seed, WrongAnswer } from '../reader.js';

const description = {
  name: 'tiny',
  resolution: 16,
  stem: { channels: 4 },
  blocks: [
    { channels: 4, expansion: 1, squeezeExcitation: {} },
    { channels: 6, kernel: 5, stride: 2, activations: { expand: 'silu' } },
    { kind: 'conv3x3', channels: 6, shortcut: 'full' },
  ],
  head: { convolution: { channels: 8 }, classes: 5 },
};

/** Returns the same JSON written in another way, in every file of JSON. */
export function rewriteJsonFiles(stream: Stream, { files, words }: Input): Input {
  const rewritten = [...files].map(([path, bytes]) =>
    bytes !== null && path.endsWith('.json')
      ? ([path, rewriteJson(stream, new TextDecoder().decode(bytes))] as const)
      : ([path, bytes] as const),
  );
  return { files: new Map(rewritten), words };
}

/** Returns a network with its costs, checked: its own description is read to the same network. */
function plainNetwork(network: Network): unknown {
  if (!isDeepStrictEqual(networkFromJson(JSON.parse(JSON.stringify(network))), network))
    throw new WrongAnswer('gives a network whose description is read to another one');
  const { params, macs, elementwise } = networkReport(network);
  for (const count of [params, macs, elementwise])
    if (!Number.isSafeInteger(count) || count < 0) throw new WrongAnswer(`counts ${count}`);
  return { network: JSON.stringify(network), params, macs, elementwise };
}

const sumsOf = (parameters: Parameters) =>
  [...parameters].map(([name, { shape, data }]) => [name, shape.join(), data.reduce((sum, x) => sum + x, 0)]);

const tensors: readonly [dtype: string, size: number][] = [
  ['F32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['F64', 8],
];

/** Returns the bytes of a `.safetensors` file. */
export function safetensors(header: object, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return Uint8Array.from(Buffer.concat([length, text, data]));
}

/** Returns the file with a length of its header that ends at the last brace in it. */
function repairSafetensors(path: string, bytes: Uint8Array): Uint8Array {
  if (!path.endsWith('.safetensors') || bytes.length < 8) return bytes;
  const out = bytes.slice();
  const end = latin1(out.subarray(8, 1 << 16)).lastIndexOf('}}');
  if (end > 0) new DataView(out.buffer).setBigUint64(0, BigInt(end + 2), true);
  return out;
}

/** A file with two tensors of each type that is read; all bytes are zero, which is 0 in each. */
function smallSafetensors(): Uint8Array {
  let offset = 0;
  const entries = tensors.flatMap(([dtype, size]) =>
    [[2, 3], []].map((shape) => {
      const from = offset;
      offset += size * shape.reduce((product, n) => product * n, 1);
      return [`${dtype}.${shape.length}`, { dtype, shape, data_offsets: [from, offset] }];
    }),
  );
  const header = { __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) };
  return safetensors(header, new Uint8Array(offset));
}

const rexnet = () => networkNamed('rexnet-0.1', { classes: 2, resolution: 16 });

/** A state dict of the authors' code in which every number is 1. */
function rexnetFile(prefix: string): Uint8Array {
  let offset = 0;
  const entries = [...rexNetNames(networkLayers(rexnet()))].map(([name, place]) => {
    const own = torchShape(place);
    const isClassifier = place.layer.kind === 'linear' && place.role === 'weight';
    const shape = isClassifier ? [...own, 1, 1] : own;
    const from = offset;
    offset += 4 * shape.reduce((product, n) => product * n, 1);
    return [`${prefix}${name}`, { dtype: 'F32', shape, data_offsets: [from, offset] }];
  });
  const ones = new Uint8Array(new Float32Array(offset / 4).fill(1).buffer);
  return safetensors(Object.fromEntries(entries), ones);
}

async function modelSeeds(): Promise<Seed[]> {
  const network = networkFromJson(description);
  const parameters = drawParameters(network, { seed: 1 });
  await saveNetwork('model', network, parameters);
  return [{ input: { files: await readFolder('.', 'model'), words: [] } }];
}

/** Reads the file of the folder that is named so, or else the first. */
async function fileLike(ending: string): Promise<string> {
  const names = await readdir('.');
  return names.find((name) => name.endsWith(ending)) ?? `network${ending}`;
}

export const networkReaders: readonly Reader[] = [
  {
    name: 'network-json',
    seeds: () => [
      { input: inputOf({ 'network.json': JSON.stringify(description) }) },
      { input: inputOf({ 'network.json': JSON.stringify(networkFromJson(description)) }) },
      { input: inputOf({ 'network.json': JSON.stringify(networkNamed('cifar:8-8-16', {})) }) },
    ],
    read: async () => plainNetwork(await readNetwork('network.json')),
    rewrite: rewriteJsonFiles,
  },
  {
    name: 'safetensors',
    seeds: () => [{ input: inputOf({ 'weights.safetensors': smallSafetensors() }) }],
    read: async () => {
      const { readFile } = await import('node:fs/promises');
      const stored = readSafetensors(await readFile(await fileLike('.safetensors')));
      return [...stored].map(([name, tensor]) => {
        const data = tensor.read();
        const length = tensor.shape.reduce((product, n) => product * n, 1);
        if (data.length !== length)
          throw new WrongAnswer(`gives ${data.length} numbers for [${tensor.shape.join()}]`);
        // what to do about a NaN is up to whoever knows what the tensor is
        return [name, tensor.shape, tensor.dtype];
      });
    },
    repair: repairSafetensors,
    named: false,
  },
  {
    name: 'rexnet-weights',
    seeds: () =>
      ['', 'module.'].map((prefix) => ({ input: inputOf({ 'weights.safetensors': rexnetFile(prefix) }) })),
    read: async () => sumsOf(await readWeights(rexnet(), 'weights.safetensors')),
    repair: repairSafetensors,
  },
  {
    name: 'saved-model',
    seeds: modelSeeds,
    read: async () => {
      const { network, parameters } = await loadNetwork('model');
      return { network: plainNetwork(network), sums: sumsOf(parameters) };
    },
    rewrite: rewriteJsonFiles,
  },
];
