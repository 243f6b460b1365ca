import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { networkNamed } from '../../src/networks/network-named.js';
import type { Network } from '../../src/networks/network.js';
import { type Parameter, type Parameters, parameterShapes } from '../../src/models/parameters.js';
import { fromTorchLayout } from '../../src/models/torch-layout.js';

/** What fixtures/make_networks.py wrote. */
export interface NetworkCase {
  readonly network: string;
  /** The tensors of the state dict with PyTorch's shapes, in its order. */
  readonly names: readonly (readonly [string, readonly number[]])[];
  readonly scores: readonly number[];
  readonly blocks: readonly {
    readonly length: number;
    readonly scale: number;
    readonly values: readonly number[];
  }[];
}

const path = join(__dirname, 'fixtures/networks.json');
const fixture = JSON.parse(readFileSync(path, 'utf8')) as {
  resolution: number;
  classes: number;
  cases: NetworkCase[];
};
export const { resolution, classes, cases } = fixture;

export const networkOf = ({ network }: Pick<NetworkCase, 'network'>): Network =>
  networkNamed(network, { resolution, classes });

/** The k-th sequence of the script's formula. */
export function numbers(k: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, j) => {
    const i = j + 1 + 37 * k;
    return (((i % 10007) ** 2 * 31 + i * 7919) % 10007) / 10007 - 0.5;
  });
}

/** The tensors of the state dict, in PyTorch's order, as the script fills them. */
export function stateDict({ names }: NetworkCase): Map<string, Parameter> {
  return new Map(
    names.map(([name, shape], k) => {
      const count = shape.reduce((product, n) => product * n, 1);
      const scale = shape.length > 1 ? Math.sqrt(24 / (count / shape[0]!)) : 0;
      const positive = name.endsWith('running_var') || isScale(names, name);
      const value = (x: number) => (scale > 0 ? x * scale : positive ? 1 + 0.8 * x : 0.6 * x);
      return [name, { shape, data: Float32Array.from(numbers(k, count), value) }];
    }),
  );
}

/** A normalization's weight: its module has a running mean. */
function isScale(names: NetworkCase['names'], name: string): boolean {
  return (
    names.some(([other]) => other === name.replace(/weight$/, 'running_mean')) && name.endsWith('weight')
  );
}

/** The network's parameters: both sides list them in forward order. */
export function formulaParameters(network: Network, given: NetworkCase): Parameters {
  const tensors = [...stateDict(given).values()];
  return new Map(
    parameterShapes(network).map((place, k) => [place.name, fromTorchLayout(place, tensors[k]!.data)]),
  );
}

/** Two images, [2, height, width, 3]. */
export function formulaImages(): Float32Array {
  return Float32Array.from(numbers(1000, 2 * resolution * resolution * 3), (x) => 4 * Math.fround(x));
}
