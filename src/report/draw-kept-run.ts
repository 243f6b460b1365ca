import { join } from 'node:path';
import { summariseDepth } from '../depth/summarise-depth.js';
import { invalid } from '../errors.js';
import { compareFigure } from '../plots/figures/compare.js';
import { depthFigure } from '../plots/figures/depth.js';
import { featuresFigure } from '../plots/figures/feature-ranks.js';
import { latencyFigure } from '../plots/figures/latency.js';
import { layerSpectrumFigure } from '../plots/figures/layer-spectrum.js';
import { modelFigure } from '../plots/figures/model-ranks.js';
import { searchFigure } from '../plots/figures/search.js';
import { trainingFigure } from '../plots/figures/training.js';
import type { Figure, FigureOptions, RatioRangeOption } from '../plots/render/figure.js';
import { writeFigure, type FigureFormat } from '../plots/render/render.js';
import { fromComparisonRow, type ComparisonRow } from '../runs/comparison-row.js';
import { comparisonRun } from '../runs/comparison-run.js';
import { readDepthRun } from '../runs/depth-run.js';
import { readFeaturesRun } from '../runs/features-run.js';
import { readLatencyRun } from '../runs/latency-run.js';
import { readWeightsRun } from '../runs/read-weights-run.js';
import { readSearch } from '../runs/search-run.js';
import { readTrainingRows, readUntrainedRanks, trainingRun } from '../runs/training-run.js';
import { analyseSearch } from '../search/analyse-search.js';
import { rungsOf } from '../search/halving.js';
import { kindOfRun, readRunManifest, specOf } from '../store/manifest.js';
import { readRunRows } from '../store/rows/row-files.js';
import { oneLayer } from '../weights/select-layers.js';
import { drawRun, type DrawRunOptions } from './draw-run.js';
import { keptLatencyPoints } from './latency-points.js';
import { depthCaption, featuresCaption, searchCaption, trainingCaption } from './run-captions.js';

export interface DrawKeptRunOptions {
  /** @default all formats */
  readonly formats?: readonly FigureFormat[] | undefined;
  /** The words, size and colours of the figure. @default those of the figure */
  readonly figure?: (FigureOptions & RatioRangeOption) | undefined;
  /** The folder for the figure. @default the run's */
  readonly out?: string | undefined;
  /** The layer of a run of weights whose spectrum is drawn, by its name or a pattern. @default all layers as points */
  readonly layer?: string | undefined;
  /** The options that only runs of studies have. */
  readonly study?: Pick<DrawRunOptions, 'overlay' | 'predict'> | undefined;
}

type Look = FigureOptions & RatioRangeOption;

/** The figure of each kind of run but studies, which have several. */
const kinds: Readonly<Record<string, (folder: string, look: Look, layer?: string) => Promise<Figure>>> = {
  comparison: async (folder, look) => {
    const rows: ComparisonRow[] = [];
    for await (const some of readRunRows(comparisonRun, folder)) rows.push(...some);
    rows.sort((a, b) => a.place - b.place);
    const layers = rows.map(fromComparisonRow).flatMap((one) => ('reason' in one ? [] : [one]));
    return compareFigure(layers, look);
  },
  depth: async (folder, look) => {
    const { rows, settings } = await readDepthRun(folder);
    return depthFigure(summariseDepth(rows), { caption: depthCaption(settings), ...look });
  },
  features: async (folder, look) => {
    const { features, spec } = await readFeaturesRun(folder);
    return featuresFigure(features, { caption: featuresCaption(spec), ...look });
  },
  latency: async (folder, look) => {
    const { networks, settings } = await readLatencyRun(folder);
    return latencyFigure(keptLatencyPoints(networks, settings.backend.name), look);
  },
  search: async (folder, look) => {
    const kept = await readSearch(folder);
    const halved = rungsOf(kept.spec).length > 1;
    return searchFigure(kept.rows, analyseSearch(kept.rows, { halved }), {
      caption: searchCaption(kept),
      ...look,
    });
  },
  training: async (folder, look) => {
    const spec = specOf(trainingRun, await readRunManifest(trainingRun, folder));
    const untrainedRanks = await readUntrainedRanks(folder);
    return trainingFigure(await readTrainingRows(folder), {
      ...{ caption: trainingCaption(spec), untrainedRanks },
      ...look,
    });
  },
  weights: async (folder, look, layer) => {
    const { layers } = await readWeightsRun(folder);
    if (layer === undefined) return modelFigure(layers, look);
    return layerSpectrumFigure(oneLayer(layers, layer), look);
  },
};

/** The kinds of runs that have a figure. */
export const drawnKinds: readonly string[] = ['study', ...Object.keys(kinds)];

/**
 * Draws the figures of a run of any kind into its folder and returns the paths of the files. Nothing is measured.
 * @throws RangeError if the folder holds no run of a kind that has a figure, or for an option that its kind does not have
 * @example
 * await drawKeptRun('runs/weights', { layer: 'conv1', formats: ['svg'] });
 */
export async function drawKeptRun(folder: string, options: DrawKeptRunOptions = {}): Promise<string[]> {
  const { formats, figure = {}, out = folder, layer, study = {} } = options;
  const kind = (await kindOfRun(folder)) ?? 'study'; // whose reader says what a folder without a run lacks
  if (layer !== undefined && kind !== 'weights') throw onlyOf('layer', layer, 'weights');
  if (kind === 'study') return drawRun(folder, { formats, figure, out, ...study });
  const draw = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!draw) throw invalid('run', folder, `a run of ${drawnKinds.join(', ')}; this one is of kind ${kind}`);
  for (const [name, value] of Object.entries(study))
    if (value !== undefined && value !== false) throw onlyOf(name, value, 'a study');
  const drawn = await draw(folder, figure, layer);
  return writeFigure(drawn, join(out, drawn.name), formats);
}

function onlyOf(flag: string, value: unknown, kind: string): RangeError {
  return invalid(flag, value, `only for runs of ${kind}`);
}
