import { isDeepStrictEqual } from 'node:util';
import { readQuantity, readShare } from '../../../src/cli/options/read-quantity.js';
import {
  formatTolerance,
  layerTasks,
  parseTolerance,
  resolveStudy,
  type StudyInput,
} from '../../../src/index.js';
import { networkCosts, networkNamed } from '../../../src/networks.js';
import { layerProtocolFields } from '../../../src/layers/protocol.js';
import { studyTasks } from '../../../src/runs/study-run.js';
import { placesOf, readShard } from '../../../src/store/shard.js';
import { inputOf } from '../input.js';
import { type Reader, WrongAnswer } from '../reader.js';

/** Returns the study of one field, checked: what is resolved is resolved to itself. */
function studyWith(field: string, text: string): unknown {
  const given = Object.hasOwn(layerProtocolFields, field)
    ? { protocol: { [field]: text } }
    : { [field]: text };
  const study = resolveStudy(given as StudyInput);
  if (!isDeepStrictEqual(resolveStudy(study), study))
    throw new WrongAnswer('gives a study that is read to another one');
  return JSON.stringify(study);
}

const plainStudy = resolveStudy({ blocks: ['pointwise'], ratios: [0.5, 1], layers: 3 });

/** The notations by what they are of: how each is read, and valid texts. */
const notations: Readonly<Record<string, { read: (text: string) => unknown; texts: readonly string[] }>> = {
  tolerance: {
    read: (text) => {
      const tolerance = parseTolerance(text);
      if (!isDeepStrictEqual(parseTolerance(formatTolerance(tolerance)), tolerance))
        throw new WrongAnswer('is written as text that is read to another one');
      return tolerance;
    },
    texts: [
      'numpy',
      'torch:rtol=1e-3,atol=0.1',
      'matlab',
      'relative:0.01',
      'absolute:1e-5',
      'energy:0.9',
      'srank:.1',
    ],
  },
  network: {
    read: (text) => {
      const network = networkNamed(text);
      const { params, macs } = networkCosts(network);
      for (const count of [params, macs])
        if (!Number.isSafeInteger(count) || count <= 0) throw new WrongAnswer(`counts ${count}`);
      return { name: network.name, params, macs };
    },
    texts: [
      ...['rexnet-1.0', 'rexnet-0.5:depth=2', 'rexnet-lite-1.3', 'rexnet-plain-1.0', 'mobilenet-v1-.75'],
      ...['mobilenet-v2', 'efficientnet-b3', 'cifar:34-34-45-55-66'],
    ],
  },
  shard: {
    read: (text) => {
      const tasks = studyTasks(plainStudy);
      return [...placesOf(tasks, readShard(text, tasks))].length;
    },
    texts: ['1/1', '1/2', '6/6'],
  },
  quantity: {
    read: (text) => readQuantity('params', text),
    texts: ['0.2M', '4800000', '1.5G', '4.8e6', '200 K'],
  },
  share: { read: (text) => readShare('within', text), texts: ['1%', '0.01', '.5'] },
  blocks: { read: (text) => studyWith('blocks', text), texts: ['pointwise', 'conv3x3,inverted-conv3x3'] },
  activations: { read: (text) => studyWith('activations', text), texts: ['relu', 'silu,leakyRelu, linear'] },
  ratios: {
    read: (text) => {
      const study = JSON.parse(studyWith('ratios', text) as string) as { ratios: number[] };
      if (study.ratios.some((ratio) => !(ratio > 0 && ratio <= 1)))
        throw new WrongAnswer('gives a ratio outside (0, 1]');
      return study.ratios;
    },
    texts: ['0.5', '0.1,0.2,1', '0.1:0.5:0.1'],
  },
  layers: { read: (text) => studyWith('layers', text), texts: ['16'] },
  seed: { read: (text) => studyWith('seed', text), texts: ['0', '9007199254740991'] },
  taps: { read: (text) => studyWith('taps', text), texts: ['output', 'expand,output'] },
  weights: {
    read: (text) => studyWith('weights', text),
    texts: ['kaiming-normal:fan-out', 'xavier-uniform', 'normal:0.1'],
  },
  bias: { read: (text) => studyWith('bias', text), texts: ['pytorch', 'none', 'normal:0.1'] },
  inputs: {
    read: (text) => studyWith('inputs', text),
    texts: ['uniform:1.25', 'normal', 'file:features.npy'],
  },
  normalization: {
    read: (text) => studyWith('normalization', text),
    texts: ['none', 'deviation', 'running:0.1'],
  },
  samples: { read: (text) => studyWith('samples', text), texts: ['1.2x', 'd_out+1', 'd_out', '64'] },
  channels: { read: (text) => studyWith('channels', text), texts: ['64:512', '2:2'] },
  expansion: { read: (text) => studyWith('expansion', text), texts: ['0:5', '6', '.5'] },
  spatial: { read: (text) => studyWith('spatial', text), texts: ['1', '7'] },
};

/** Returns the texts that every default notation allows, so that none is forgotten here. */
function checkTexts(): void {
  layerTasks(plainStudy);
  for (const [kind, { read, texts }] of Object.entries(notations)) {
    for (const text of texts) {
      try {
        read(text);
      } catch (cause) {
        throw new Error(`${kind} does not read its own ${text}`, { cause });
      }
    }
  }
}

/** What each notation is, as one reader a kind: its words are one text. */
export const notationReaders: readonly Reader[] = [
  {
    name: 'notations',
    seeds: () => {
      checkTexts();
      return Object.entries(notations).flatMap(([kind, { texts }]) =>
        texts.map((text) => ({ input: inputOf({ [`${kind}.of`]: '' }, [text]) })),
      );
    },
    read: async (words) => {
      const { readdir } = await import('node:fs/promises');
      const kind = (await readdir('.'))
        .map((name) => name.replace(/\.of.*$/, ''))
        .find((name) => Object.hasOwn(notations, name));
      return notations[kind!]!.read(words.join(' '));
    },
    named: false,
  },
];
