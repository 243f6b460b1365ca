import { missing } from '../errors.js';
import { layerRules } from '../layers/layer-rules.js';
import type { LayerRow } from '../study/layer-row.js';
import type { Protocol } from '../study/protocol.js';
import { linearRankBound } from '../theory/linear-rank-bound.js';
import type { LayerGroup } from './contrast.js';

/** The layers of one block at one dimension ratio, each with a row per activation. */
interface Point {
  readonly block: string;
  readonly dimensionRatio: number;
  readonly layers: Map<number, [LayerRow, ...LayerRow[]]>;
}

/**
 * Returns a collector of a study's rows, from which the contrasts of a claim are made. It gives the layers by block and
 * dimension ratio, with every tolerance of the study, and every metric named as a share of the channels. The value
 * `bound` is the largest rank of the same layer without activations, see `linearRankBound`. Output tap only.
 *
 * @param protocol of the study, resolved
 * @param metrics metrics of a row, such as `effectiveRank`
 */
export function collectLayers(
  protocol: Protocol,
  metrics: readonly ('effectiveRank' | 'participationRatio' | 'stableRank')[] = [],
) {
  const rules = { ...layerRules(protocol), center: protocol.center };
  const points = new Map<string, Point>();
  return {
    add(rows: readonly LayerRow[]): void {
      for (const { spectrum: _, ...row } of rows) {
        if (row.tap !== 'output') continue;
        const { block, dimensionRatio, layer } = row;
        const key = `${block} ${dimensionRatio}`;
        const point: Point = points.get(key) ?? { block, dimensionRatio, layers: new Map() };
        points.set(key, point);
        const own = { ...row, spectrum: null };
        const others = point.layers.get(layer);
        if (others) others.push(own);
        else point.layers.set(layer, [own]);
      }
    },
    /** The layers by measure: each tolerance as written, then the metrics. */
    result(): Map<string, LayerGroup[]> {
      const measures = [...protocol.tolerances, ...metrics];
      return new Map(
        measures.map((measure) => [measure, [...points.values()].map((point) => groupOf(point, measure))]),
      );
    },
  };

  function groupOf({ block, dimensionRatio, layers }: Point, measure: string): LayerGroup {
    // in the order of the layers, so that sums do not depend on which worker was faster
    const ordered = [...layers].sort(([a], [b]) => a - b).map(([, rows]) => rows);
    const at = protocol.tolerances.indexOf(measure);
    const share = (row: LayerRow) => {
      const value = at >= 0 ? row.ranks[at]!.rank : row[measure as (typeof metrics)[number]];
      if (value === null) throw missing('metric', measure, 'a study with `metrics`');
      return value / row.channels;
    };
    const values: Record<string, number[]> = {};
    for (const row of ordered.flat()) (values[row.activation] ??= []).push(share(row));
    values.bound = ordered.map(([row]) => linearRankBound(row.block, row, rules) / row.dOut);
    return { block, dimensionRatio, values };
  }
}
