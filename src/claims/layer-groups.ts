import { missing } from '../errors.js';
import type { LayerRow } from '../study/layer-row.js';
import type { Protocol } from '../study/protocol.js';
import { linearRankBound } from '../theory/linear-rank-bound.js';
import type { LayerGroup } from './contrast.js';

/**
 * Returns a collector of a study's rows, from which the contrasts of a claim are made. It gives the layers by block and
 * dimension ratio, with every tolerance of the study, and every metric named as a share of the channels. The value
 * `bound` is the largest rank of the same layer without nonlinearities, see `linearRankBound`. Output tap only.
 *
 * @param protocol of the study, resolved
 * @param metrics metrics of a row, such as `effectiveRank`
 */
export function collectLayers(
  protocol: Protocol,
  metrics: readonly ('effectiveRank' | 'participationRatio' | 'stableRank')[] = [],
) {
  const points = new Map<
    string,
    { block: string; dimensionRatio: number; layers: Map<number, LayerRow[]> }
  >();
  return {
    add(rows: readonly LayerRow[]): void {
      for (const { spectrum: _, ...row } of rows) {
        if (row.tap !== 'output') continue;
        const { block, dimensionRatio, layer } = row;
        const key = `${block} ${dimensionRatio}`;
        const point = points.get(key) ?? { block, dimensionRatio, layers: new Map<number, LayerRow[]>() };
        points.set(key, point);
        point.layers.set(layer, [...(point.layers.get(layer) ?? []), { ...row, spectrum: null }]);
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

  function groupOf(
    {
      block,
      dimensionRatio,
      layers,
    }: { block: string; dimensionRatio: number; layers: Map<number, LayerRow[]> },
    measure: string,
  ): LayerGroup {
    // in the order of the layers, so that sums do not depend on which worker was faster
    const ordered = [...layers].sort(([a], [b]) => a - b).map(([, rows]) => rows);
    const at = protocol.tolerances.indexOf(measure);
    const share = (row: LayerRow) => {
      const value = at >= 0 ? row.ranks[at]!.rank : row[measure as (typeof metrics)[number]];
      if (value === null) throw missing('metric', measure, 'a study with `metrics`');
      return value / row.channels;
    };
    const names = ordered[0]!.map(({ activation }) => activation);
    const values: Record<string, number[]> = Object.fromEntries(
      names.map((name) => [name, ordered.map((rows) => share(rows.find((row) => row.activation === name)!))]),
    );
    values.bound = ordered.map(([row]) => linearRankBound(row!.block, row!, protocol) / row!.dOut);
    return { block, dimensionRatio, values };
  }
}
