import {
  parseTolerance,
  rank,
  ranksOfSpectrum,
  resolveLayerProtocol,
  resolveStudy,
} from '../../../src/index.js';
import {
  cifarNetwork,
  designNetwork,
  drawParameters,
  efficientNet,
  networkFromJson,
  networkNamed,
  rexNet,
  sampleConfigurations,
} from '../../../src/networks.js';
import { inputOf } from '../input.js';
import type { Reader } from '../reader.js';

const tiny = networkFromJson({
  name: 'tiny',
  resolution: 8,
  blocks: [{ channels: 4 }],
  head: { classes: 2 },
});

interface Call {
  /** Calls a function of the library with what JSON can hold in place of its arguments. */
  readonly call: (...given: never[]) => unknown;
  readonly given: readonly unknown[];
}

const typed = (list: unknown) =>
  Array.isArray(list) && list.every((value) => typeof value === 'number') ? Float64Array.from(list) : list;

const calls: Readonly<Record<string, Call>> = {
  resolveStudy: {
    call: (study: never) => JSON.stringify(resolveStudy(study)),
    given: [
      { blocks: ['pointwise'], ratios: [0.5], layers: 2, protocol: { preset: 'standard', channels: '4:8' } },
    ],
  },
  resolveLayerProtocol: {
    call: resolveLayerProtocol,
    given: [{ weights: 'kaiming-normal', samples: '2x', spatial: 3 }],
  },
  parseTolerance: { call: parseTolerance, given: [{ name: 'torch', rtol: 0.1, atol: 0 }] },
  rank: {
    call: (matrix: { data: unknown } | null, options: never) => {
      const { rank: found, rankRatio } = rank(
        (matrix && { ...matrix, data: typed(matrix.data) }) as never,
        options,
      );
      return { found, rankRatio };
    },
    given: [
      { data: [1, 2, 3, 4, 5, 6], rows: 2, columns: 3 },
      { tolerance: 'relative:0.1', engine: 'wasm' },
    ],
  },
  ranksOfSpectrum: {
    call: (spectrum: never, sizes: never, rules: never) =>
      ranksOfSpectrum(typed(spectrum) as never, sizes, rules).map(({ rank: found }) => found),
    given: [[3, 2, 1], { rows: 3, columns: 4, dtype: 'float64' }, ['numpy', 'energy:0.5']],
  },
  networkNamed: { call: networkNamed, given: ['rexnet-1.0', { resolution: 32, classes: 10 }] },
  rexNet: { call: rexNet, given: [{ width: 1, depth: 1, resolution: 64, classes: 10 }] },
  efficientNet: { call: efficientNet, given: [1, { resolution: 64 }] },
  cifarNetwork: { call: cifarNetwork, given: [[8, 8, 16], { resolution: 32 }] },
  drawParameters: {
    call: (options: never) => [...drawParameters(tiny, options)].map(([name]) => name),
    given: [{ seed: 1, weights: 'xavier-uniform', bias: 'none' }],
  },
  designNetwork: {
    call: (options: never) => designNetwork(options).channels,
    given: [
      {
        blocks: 6,
        params: 5e6,
        macs: 4e8,
        shape: 'linear',
        minChannels: 1,
        within: 0.1,
        rounding: 'half-to-even',
        atMost: true,
      },
    ],
  },
  ownShape: {
    call: (options: never) => designNetwork(options).channels,
    given: [
      {
        ...{ params: 5e6, within: 0.1, atMost: true, like: tiny, blocks: 3 },
        shape: {
          blocks: 3,
          knots: [
            { block: 1, height: 1 },
            { block: 3, height: 2 },
          ],
        },
      },
    ],
  },
  sampleConfigurations: {
    call: (options: never) => sampleConfigurations(options).map(({ channels }) => channels),
    given: [{ count: 3, blocks: 5, params: 2e5, macs: 3e7, seed: 0, within: 0.1 }],
  },
};

/** Functions of the library, given options as a person misspells them: one file of arguments, named after the function. */
export const optionReaders: readonly Reader[] = [
  {
    name: 'options',
    seeds: () =>
      Object.entries(calls).map(([name, { given }]) => ({
        input: inputOf({ [`${name}.json`]: JSON.stringify(given) }),
      })),
    read: async () => {
      const { readdir, readFile } = await import('node:fs/promises');
      const [file = ''] = await readdir('.');
      const { call } = calls[file.replace('.json', '')]!;
      const given = parsed(await readFile(file, 'utf8'));
      return JSON.parse(JSON.stringify(call(...(given as never[])) ?? null));
    },
    named: false,
  },
];

/** Returns the arguments; text that is not a list of them is nothing that a program could hand over. */
function parsed(text: string): unknown[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new RangeError('invalid arguments: none (allowed: JSON)');
  }
  if (!Array.isArray(given) || given.length > 5)
    throw new RangeError('invalid arguments: none (allowed: a list)');
  return given as unknown[];
}
