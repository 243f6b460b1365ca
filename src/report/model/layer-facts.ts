import type { LayerWeights } from '../../weights/measure-layer-weights.js';
import { short, whole } from './format-numbers.js';

/** Returns further numbers of a layer for people, each with its name. */
export function layerFacts(layer: LayerWeights): [name: string, value: string][] {
  const { kind, dtype, rows, columns, shape, aliases, noise, baseline, metrics, powerLaw, normalization } =
    layer;
  const { stableRank, participationRatio, conditionNumber } = metrics;
  return [
    ['kind', kind],
    ['size', `${whole(rows)} outputs x ${whole(columns)} inputs`],
    ['tensor', `${shape.length === 0 ? 'a scalar' : shape.join(' x ')}, ${dtype}`],
    ['largest singular value', short(layer.largest)],
    ['smallest singular value', short(layer.smallest)],
    ['condition number', conditionNumber === null ? 'none: a singular value is 0' : short(conditionNumber)],
    ['stable rank', short(stableRank)],
    ['participation ratio', short(participationRatio)],
    ['rounding floor', short(layer.signalRank.floor)],
    [
      'Marchenko-Pastur edge',
      `${short(noise.edge)} (spread ${short(noise.spread)}), ${whole(noise.beyond)} beyond`,
    ],
    ...(baseline
      ? [
          ['largest of the baseline', `${short(baseline.largest)}, ${whole(baseline.beyond)} beyond`] as [
            string,
            string,
          ],
        ]
      : []),
    [
      'power law',
      powerLaw
        ? `alpha ${short(powerLaw.alpha)} ± ${short(powerLaw.standardError)} (no verdict rests on it)`
        : 'none fits',
    ],
    ['rows of zeros', whole(layer.deadRows)],
    ['repeated rows', whole(layer.duplicateRows)],
    ...(normalization
      ? [
          [
            'normalization',
            `${normalization.name}, ${normalization.known ? 'by the graph' : 'by names'}, ` +
              `${normalization.folded ? 'folded in' : 'not folded in'}`,
          ] as [string, string],
        ]
      : []),
    ...aliases.map((alias): [string, string] => ['also named', alias]),
    ...layer.notes.map((note): [string, string] => ['note', note]),
  ];
}
