import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../src/models/parameters.js';
import { readRexNet } from '../../src/models/read-rexnet.js';
import { networkNamed } from '../../src/networks/network-named.js';
import { safetensors } from '../files/safetensors.js';
import { cases, formulaParameters, networkOf, stateDict } from './formula.js';

const given = cases.find(({ network }) => network.startsWith('rexnet'))!;
const network = networkOf(given);

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
