import type { LayerWeights } from '../../weights/measure-layer-weights.js';
import type { PageLayer } from './page-report.js';
import { marks } from './explain-layer.js';
import { count, whole } from './format-numbers.js';

/** A sentence whose parts are texts and layers, by their places. */
export type Phrase = readonly (string | { readonly layer: number })[];

const UNEVEN = Object.keys(marks).indexOf('uneven');

/** Returns the findings about the weights, as sentences for the head of a report. */
export function findings(layers: readonly LayerWeights[], shown: readonly PageLayer[]): Phrase[] {
  if (layers.length === 0) return [];
  const fullOf = ({ rows, columns }: LayerWeights) => Math.min(rows, columns);
  const short = layers.filter((layer) => layer.signalRank.upper < fullOf(layer));
  const used = (layer: LayerWeights) => layer.signalRank.rank / Math.max(1, fullOf(layer));
  const [lowest] = [...short].sort((a, b) => used(a) - used(b));
  const sum = (key: 'deadRows' | 'duplicateRows') => layers.reduce((total, layer) => total + layer[key], 0);
  const [dead, twice] = [sum('deadRows'), sum('duplicateRows')];
  const uneven = shown.filter(({ marks }) => marks.includes(UNEVEN));
  return [
    lowest === undefined
      ? [
          `${layers.length === 1 ? 'The layer uses' : 'All layers use'} every direction that the sizes allow, above the rounding of the stored type.`,
        ]
      : [
          `${short.length} of ${count(layers.length, 'layer')} ${short.length === 1 ? 'uses' : 'use'} fewer directions than the sizes allow. The lowest is `,
          { layer: layers.indexOf(lowest) },
          `, with ${whole(lowest.signalRank.rank)} of ${whole(fullOf(lowest))}.`,
        ],
    ...(uneven.length > 0
      ? [
          [
            `${count(uneven.length, 'layer')} ${uneven.length === 1 ? 'has' : 'have'} most strength in few directions, compared with the same weights in random order.`,
          ],
        ]
      : []),
    ...(dead > 0
      ? [
          [
            `${count(dead, 'row')} of weights ${dead === 1 ? 'is' : 'are'} all zeros: ${dead === 1 ? 'that output is' : 'those outputs are'} constant.`,
          ],
        ]
      : []),
    ...(twice > 0 ? [[`${count(twice, 'row')} ${twice === 1 ? 'repeats' : 'repeat'} an earlier one.`]] : []),
  ];
}
