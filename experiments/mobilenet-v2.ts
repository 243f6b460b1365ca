/**
 * What did training do? A trained MobileNetV2 (nsfwjs, 224 x 224, five classes) beside its random twin along the depth:
 * ranks of weights and of features, centred and not, on real images; and faceres of @vladmandic/human, in float16.
 *
 *     node test/formats/fetch-models.mjs MODELS
 *     npx tsx experiments/mobilenet-v2.ts --models MODELS --inputs PATH [--images 128] [--out FOLDER]     (or npx ts-node)
 *
 * PATH is a folder of images or of CIFAR's files, which are enlarged. Writes figures/trained: a row per layer as
 * `features.csv`, and the figure `depth`. Takes about five minutes.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { measureWeights, openModel, useBackend, writeTable } from 'rankscope';
import { writeFigure } from 'rankscope/figures';
import { measureFeatures, openInputs, openRunnable, type LayerFeatures } from 'rankscope/networks';
import { experimentArguments } from './experiment-arguments';
import { type Artifacts, writeTwin } from './random-twin';
import { trainedFigure, type TrainedRow } from './trained-figure';

const { sizes, texts, out } = experimentArguments({
  name: 'trained',
  full: { images: 128 },
  texts: ['models', 'inputs'],
});
const { models, inputs } = texts;
const tolerances = ['relative:0.01', 'relative:0.001'];
/** Images on which the twin's normalizations settle. */
const SETTLING = 32;

async function main(): Promise<void> {
  if (models === undefined || inputs === undefined)
    throw new RangeError('missing flags: --models MODELS --inputs PATH (see the beginning of this file)');
  await useBackend('auto');
  const trained = join(models, 'nsfwjs/package/models/mobilenet_v2.json');
  const folder = await mkdtemp(join(tmpdir(), 'rankscope-twin-'));
  try {
    await makeTwin(trained, inputs, folder);
    const rows = [
      ...(await rowsOf('trained', trained, inputs)),
      ...(await rowsOf('random twin', folder, inputs)),
      // it takes pixels from 0 to 255
      ...(await rowsOf(
        'faceres',
        join(models, 'vladmandic-human/package/models/faceres.json'),
        inputs,
        1 / 255,
      )),
    ];
    await writeTable(`${out}/features.csv`, rows, 3);
    await writeFigure(await trainedFigure(out), join(folder, 'depth'), ['png']);
    await writeFile(`${out}/depth.vl.json`, await readFile(join(folder, 'depth.vl.json')));
    // 16 colours, so that the figure is small
    const png = sharp(join(folder, 'depth.png')).png({ palette: true, colours: 16, dither: 0, effort: 10 });
    await png.toFile(`${out}/depth.png`);
    console.log(`${out}/depth.png`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function makeTwin(trained: string, images: string, folder: string): Promise<void> {
  const file = JSON.parse(await readFile(trained, 'utf8')) as {
    modelTopology: object;
    weightsManifest: { paths: string[]; weights: Artifacts['weightSpecs'] }[];
  };
  const [{ paths, weights }] = file.weightsManifest as [
    { paths: string[]; weights: Artifacts['weightSpecs'] },
  ];
  const bytes = await readFile(join(trained, '..', paths[0]!));
  const weightData = new Uint8Array(bytes).buffer;
  const load = () =>
    Promise.resolve({ modelTopology: file.modelTopology, weightSpecs: weights!, weightData } as Artifacts);
  const runnable = await openRunnable(trained);
  const source = await openInputs(images, runnable.inputs, { count: SETTLING, mean: [0], std: [1] });
  const feeds = await source.read(Array.from({ length: SETTLING }, (_, i) => i));
  const [{ shape, data }] = [...feeds.values()] as [{ shape: readonly number[]; data: Float32Array }];
  const tensor = tf.tensor(data, [...shape]);
  runnable.close();
  await writeTwin(load, tensor, folder, 0);
  tensor.dispose();
}

/** Measures weights and features of a model, prints the findings, and returns one row per layer and stage. */
async function rowsOf(model: string, path: string, images: string, std = 1): Promise<TrainedRow[]> {
  const file = await openModel(path);
  const { layers } = await measureWeights(file, { tolerances: ['numpy', 'relative:0.01'], baseline: 'none' });
  file.close();
  const weights = new Map(layers.map((layer) => [layer.name, layer]));
  const full = layers.filter(({ ranks }) => ranks[0]!.shareOfFull === 1).length;
  console.log(`${model}: ${full} of ${layers.length} weights have full rank by numpy's tolerance`);
  const runnable = await openRunnable(path);
  const source = await openInputs(images, runnable.inputs, {
    count: sizes['images']!,
    mean: [0],
    std: [std],
  });
  const { features } = await measureFeatures(runnable, source, { tolerances, reference: false });
  runnable.close();
  const marked = features.filter(({ bottleneck }) => bottleneck);
  const last = features.filter(
    ({ stage }, i) => stage === 'after' || features[i + 1]?.stage !== 'after',
  ).length;
  console.log(
    `${model}: ${marked.length} of ${last} layers marked: ${marked.map(({ layer }) => layer).join(', ') || '-'}`,
  );
  return features.map((row) => rowOf(model, row, weights.get(row.layer)?.ranks[1]?.shareOfFull ?? null));
}

function rowOf(model: string, row: LayerFeatures, weights: number | null): TrainedRow {
  const { centred, uncentred, shares } = row;
  return {
    ...{
      model,
      layer: row.layer,
      stage: row.stage,
      channelsIn: row.channelsIn,
      channels: row.channels,
      columns: row.columns,
    },
    ...{
      weights,
      centred: centred.ranks[0]!.rank,
      centredFine: centred.ranks[1]!.rank,
      effective: centred.effectiveRank,
    },
    ...{ uncentred: uncentred.ranks[0]!.rank, uncentredEffective: uncentred.effectiveRank },
    ...{ half: row.half?.ranks[0]!.rank ?? null, few: row.few ? 1 : 0 },
    ...{
      silent: shares.silent,
      neverBent: shares.neverBent,
      dormant: shares.dormant,
      marked: row.bottleneck ? 1 : 0,
    },
  };
}

void main();
