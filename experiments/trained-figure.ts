import { readTable } from 'rankscope';
import { depthFigure, type Figure } from 'rankscope/figures';
import type { DepthPoint } from 'rankscope/networks';

/** A layer of a model before or behind its activation, as mobilenet-v2.ts measures it. */
export interface TrainedRow {
  readonly model: string;
  readonly layer: string;
  readonly stage: string;
  readonly channelsIn: number;
  readonly channels: number;
  readonly columns: number;
  /** rank / full rank of the weights at 1 %. */
  readonly weights: number | null;
  /** Ranks of the centred features at 1 % and at 0.1 % of the largest singular value. */
  readonly centred: number;
  readonly centredFine: number;
  readonly effective: number;
  /** Of the features as they are, at 1 %. */
  readonly uncentred: number;
  readonly uncentredEffective: number;
  /** `centred` of the first half of the images. */
  readonly half: number | null;
  readonly few: number;
  readonly silent: number;
  readonly neverBent: number | null;
  readonly dormant: number;
  readonly marked: number;
}

/** Returns the figure of the features that mobilenet-v2.ts measured, from `features.csv` in the folder. */
export async function trainedFigure(folder: string): Promise<Figure> {
  const rows = await readTable<TrainedRow>(`${folder}/features.csv`);
  const figure = depthFigure(rows.filter(({ model }) => model !== 'faceres').flatMap(pointsOf), {
    width: 560,
    title: 'What training did to the features of MobileNetV2',
    caption:
      '128 CIFAR-10 images, enlarged to 224 x 224; features less their mean, at 1 % of the largest singular value.',
  });
  return { ...figure, name: 'depth' };
}

const taps = { expand: 'expand', depthwise: 'spatial', project: 'output' } as const;

/** The features behind each layer of a block. */
function pointsOf({ model, layer, stage, channels, columns, centred, effective }: TrainedRow): DepthPoint[] {
  const [, block, part] = /^block_(\d+)_(expand|depthwise|project)\//.exec(layer) ?? [];
  const end = layer.startsWith('Conv1/') || layer.startsWith('Conv_1/');
  if ((!part && !end) || (stage === 'before' && part !== 'project')) return [];
  const none = { rankRatioLow: null, rankRatioHigh: null, effectiveLow: null, effectiveHigh: null };
  return [
    {
      network: model,
      layer: block ? `block${block}` : layer.startsWith('Conv1/') ? 'stem' : 'head',
      block: block ? Number(block) : null,
      tap: part ? taps[part as keyof typeof taps] : 'output',
      tolerance: 'relative:0.01',
      channels,
      positions: columns,
      seeds: 1,
      ...{ rankRatioMean: centred / channels, effectiveMean: effective / channels, ...none },
    } as DepthPoint,
  ];
}
