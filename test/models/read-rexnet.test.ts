import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Parameter, Parameters } from '../../src/models/parameters.js';
import { readRexNet } from '../../src/models/read-rexnet.js';
import { networkNamed } from '../../src/networks/network-named.js';
import { safetensors } from '../formats/safetensors/safetensors.js';
import { cases, formulaParameters, networkOf, stateDict } from './formula.js';

const given = cases.find(({ network }) => network.startsWith('rexnet'))!;
const network = networkOf(given);

/** Of names, shapes and numbers: comparing arrays item by item takes seconds. */
function digest(parameters: Parameters): string {
  const hash = createHash('sha256');
  for (const [name, { shape, data }] of [...parameters].sort()) hash.update(`${name} ${shape} `).update(data);
  return hash.digest('hex');
}
const expected = digest(formulaParameters(network, given));

describe('readRexNet', () => {
  it("reads a state dict with the authors' names", () => {
    const read = readRexNet(network, fileOf(stateDict(given)));
    expect(read).toEqual(formulaParameters(network, given));
  });

  it('does not mind the order, counts of batches, or the prefix of a parallel model', () => {
    const counted: [string, Parameter][] = [
      ['features.1.num_batches_tracked', { shape: [], data: Float32Array.of(5) }],
    ];
    const tensors = [...counted, ...stateDict(given)].map(([name, x]) => [`module.${name}`, x] as const);
    const read = readRexNet(network, fileOf(new Map(tensors.reverse())));
    expect(read).toEqual(formulaParameters(network, given));
  });

  it.each([
    '_orig_mod.',
    'module.',
    'ema.module.',
    'state_dict.',
    'model.',
    'net.',
    'module._orig_mod.',
    'a.b.c.',
  ])('takes off the prefix %s', (prefix) => {
    const tensors = [...stateDict(given)].map(([name, x]) => [prefix + name, x] as const);
    expect(digest(readRexNet(network, fileOf(new Map(tensors))))).toBe(expected);
  });

  const other = new Map(
    [...stateDict(given)].map(([name, { shape, data }]) => [name, { shape, data: data.map(() => 1) }]),
  );
  const copies = (one: string, two: string) =>
    fileOf(
      new Map([
        ...[...stateDict(given)].map(([name, x]) => [one + name, x] as const),
        ...[...other].map(([name, x]) => [two + name, x] as const),
      ]),
    );
  it('refuses two copies, unless told which', () => {
    const both = copies('model.', 'ema.module.');
    expect(() => readRexNet(network, both)).toThrow(
      'invalid weights: 2 copies (allowed: one; choose its prefix: model., ema.module.)',
    );
    expect(digest(readRexNet(network, both, { prefix: 'model.' }))).toBe(expected);
    const second = readRexNet(network, both, { prefix: 'ema.module.' });
    expect([...second.values()].every(({ data }) => data.every((value) => value === 1))).toBe(true);
    expect(() => readRexNet(network, both, { prefix: 'net.' })).toThrow(
      'invalid prefix of the weights: net. (allowed: model., ema.module.)',
    );
    expect(() => readRexNet(network, copies('', 'ema.'))).toThrow("choose its prefix: '', ema.");
    expect(() => readRexNet(network, both, { prefx: '' } as never)).toThrow(
      'unknown option: prefx (near: prefix;',
    );
  });

  it.each([
    [
      'features.0.weight',
      NaN,
      'invalid number of features.0.weight: NaN at 1 (allowed: finite float32 numbers)',
    ],
    ['features.1.bias', Infinity, 'invalid number of features.1.bias: Infinity at 1'],
    [
      'features.1.running_var',
      -1,
      'invalid number of features.1.running_var: -1 at 1 (allowed: finite numbers from 0',
    ],
  ])('names %s with the number %d', (name, number, message) => {
    const tensors = stateDict(given);
    const { shape, data } = tensors.get(name)!;
    tensors.set(name, { shape, data: data.map((value, i) => (i === 1 ? number : value)) });
    expect(() => readRexNet(network, fileOf(tensors))).toThrow(message);
  });

  it('sums up names that are quite other', () => {
    const tensors = [...stateDict(given)].map(
      ([name, x]) => [name.replace('features', 'blocks'), x] as const,
    );
    const count = tensors.filter(([name]) => name.startsWith('blocks')).length;
    expect(() => readRexNet(network, fileOf(new Map(tensors)))).toThrow(
      `invalid weights: ${2 * count} mismatches (allowed: the tensors of rexnet-0.1: ` +
        `${count} missing (features.0.weight, features.1.weight, ...); ` +
        `${count} not expected (blocks.0.weight, blocks.1.weight, ...))`,
    );
  });

  it('lists all mismatches at once', () => {
    const tensors = stateDict(given);
    tensors.delete('features.0.weight');
    tensors.set('features.1.bias', { shape: [31], data: new Float32Array(31) });
    tensors.set('features.99.weight', { shape: [1], data: new Float32Array(1) });
    expect(() => readRexNet(network, fileOf(tensors))).toThrow(
      'invalid weights: 3 mismatches (allowed: the tensors of rexnet-0.1: features.0.weight is missing; ' +
        'features.1.bias has shape [31], expected [32]; features.99.weight is not expected)',
    );
  });

  it('says how another width differs', () => {
    const wider = networkNamed('rexnet-0.2', { classes: 10 });
    expect(() => readRexNet(wider, fileOf(stateDict(given)))).toThrow(
      'features.4.out.6.weight has shape [17, 96, 1, 1], expected [18, 96, 1, 1]',
    );
  });

  it('refuses a network that is no ReXNet', () => {
    expect(() => readRexNet(networkNamed('efficientnet-b0'), fileOf(stateDict(given)))).toThrow(RangeError);
  });
});

function fileOf(tensors: ReadonlyMap<string, Parameter>): Uint8Array {
  let offset = 0;
  const header = Object.fromEntries(
    [...tensors].map(([name, { shape, data }]) => {
      const from = offset;
      offset += data.byteLength;
      return [name, { dtype: 'F32', shape, data_offsets: [from, offset] }];
    }),
  );
  const all = new Uint8Array(offset);
  let at = 0;
  for (const { data } of tensors.values()) {
    all.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return safetensors(header, all);
}
