import { join } from 'node:path';
import { summarisePoint, type PointKey, type SummaryRow } from '../study/summary.js';
import type { Study } from '../study/study.js';
import { connect } from '../store/rows/database.js';
import type { RunRows } from '../store/run-kind.js';
import type { LayerRow } from '../study/layer-row.js';

/**
 * Returns the summary of a run's rows, in the order of the study. The rows are read one after another in their
 * order, so that memory grows with the points of the study and not with its layers.
 */
export async function summariseStudy(
  study: Study,
  { folder, table, orderBy }: RunRows<LayerRow>,
): Promise<SummaryRow[]> {
  const points = new Map<string, ReturnType<typeof summarisePoint>>();
  const connection = await connect({ spill: join(folder, 'rows.spill') });
  try {
    // by columns, since an object for every row would take most of the time
    const result = await connection.stream(
      `SELECT block, tap, activation, dimension_ratio, one.tolerance, one.rank / channels, 1 / channels
       FROM (SELECT block, tap, activation, dimension_ratio, layer, channels, unnest(ranks) AS one
             FROM (SELECT * EXCLUDE spectrum FROM ${table} ${orderBy}))`,
    );
    for (
      let chunk = await result.fetchChunk();
      chunk && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      const [block, tap, activation, ratio, tolerance, rankRatio, step] = chunk.getColumns() as [
        ...[string[], string[], string[], number[], string[], number[], number[]],
      ];
      for (let i = 0; i < chunk.rowCount; i++) {
        const name = `${block[i]} ${tap[i]} ${activation[i]} ${ratio[i]} ${tolerance[i]}`;
        let point = points.get(name);
        if (!point) {
          const place = { block: block[i]!, tap: tap[i]!, activation: activation[i]! };
          point = summarisePoint({ ...place, dimensionRatio: ratio[i]!, tolerance: tolerance[i]! });
          points.set(name, point);
        }
        point.add(rankRatio[i]!, step[i]!);
      }
    }
  } finally {
    connection.closeSync();
  }
  return inStudyOrder(
    Array.from(points.values(), (point) => point.result()),
    study,
  );
}

function inStudyOrder<T extends PointKey>(rows: readonly T[], study: Study): T[] {
  const place = (row: T) => [
    study.blocks.findIndex((block) => block === row.block),
    study.taps.findIndex((tap) => tap === row.tap),
    study.activations.indexOf(row.activation),
    row.dimensionRatio,
    study.protocol.tolerances.indexOf(row.tolerance),
  ];
  const keyed = rows.map((row) => ({ row, key: place(row) }));
  keyed.sort(
    (a, b) => a.key.map((value, i) => value - b.key[i]!).find((difference) => difference !== 0) ?? 0,
  );
  return keyed.map(({ row }) => row);
}
