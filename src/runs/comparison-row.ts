import type { TensorDtype } from '../formats/dtypes.js';
import { entryOf } from '../lookups.js';
import type { LayerKind, Skipped } from '../formats/model-file.js';
import type { Metrics } from '../rank/metrics.js';
import {
  changesOf,
  type ComparedRank,
  type ComparedSide,
  type LayerComparison,
} from '../weights/compare-layer-weights.js';
import type { MatchedLayers } from '../weights/match-layers.js';

/** The subject of a list in a row: one of the models, or second - first. */
export type RowSide = 'first' | 'second' | 'difference';

/** A compared layer in the table of a run, or the reason why it was not. Texts that hold lists are JSON. */
export interface ComparisonRow {
  readonly place: number;
  readonly layer: string;
  readonly other: string;
  readonly kind: string;
  readonly rows: number;
  readonly columns: number;
  readonly shape: string;
  readonly sides: readonly (SideNumbers & { readonly side: RowSide })[];
  readonly ranks: readonly (ComparedRank & { readonly side: RowSide })[];
  readonly holding: LayerComparison['difference']['holding'];
  readonly signalRank: number | null;
  readonly signalLower: number | null;
  readonly signalUpper: number | null;
  readonly signalCertified: boolean | null;
  readonly signalFloor: number | null;
  readonly relativeNorm: number | null;
  readonly dimension: number | null;
  readonly leftAngles: Float64Array | null;
  readonly rightAngles: Float64Array | null;
  readonly firstGap: number | null;
  readonly secondGap: number | null;
  readonly notes: string;
  readonly reason: string | null;
  readonly spectrum: Float64Array | null;
}

interface SideNumbers extends Metrics {
  readonly dtype: string;
  readonly norm: number;
  readonly largest: number;
}

/** Returns the row of a layer that was compared, or could not be. */
export function toComparisonRow(
  place: number,
  { name, one, other }: MatchedLayers,
  compared: LayerComparison | Skipped,
): ComparisonRow {
  const head = {
    ...{ place, layer: name, other: other.name, kind: one.kind, rows: one.rows, columns: one.columns },
    shape: JSON.stringify(one.shape),
  };
  if ('reason' in compared) return { ...nothing, ...head, reason: compared.reason };
  const { first, second, difference, subspaces } = compared;
  const { signalRank } = difference;
  const parts = { first, second, difference: { ...difference, dtype: 'float32' } };
  const sides = Object.entries(parts) as [RowSide, Omit<ComparedSide, 'name'>][];
  return {
    ...head,
    sides: sides.map(([side, { dtype, norm, largest, metrics }]) => ({
      side,
      dtype,
      norm,
      largest,
      ...metrics,
    })),
    ranks: sides.flatMap(([side, { ranks }]) => ranks.map((rank) => ({ side, ...rank }))),
    holding: difference.holding,
    signalRank: signalRank.rank,
    signalLower: signalRank.lower,
    signalUpper: signalRank.upper,
    signalCertified: signalRank.certified,
    signalFloor: signalRank.floor,
    relativeNorm: difference.relativeNorm,
    dimension: subspaces?.dimension ?? null,
    leftAngles: subspaces && Float64Array.from(subspaces.left),
    rightAngles: subspaces && Float64Array.from(subspaces.right),
    firstGap: subspaces?.gaps[0] ?? null,
    secondGap: subspaces?.gaps[1] ?? null,
    notes: JSON.stringify(compared.notes),
    reason: null,
    spectrum: difference.spectrum,
  };
}

/** Returns the content of a row: a compared layer, or a skipped layer with its reason. */
export function fromComparisonRow(row: ComparisonRow): LayerComparison | Skipped {
  if (row.reason !== null) return { name: row.layer, reason: row.reason };
  const sides = new Map(row.sides.map((one) => [one.side, one]));
  const sideOf = (side: RowSide, name: string): ComparedSide => {
    const { side: _, dtype, norm, largest, ...metrics } = entryOf(sides, side);
    const ranks = row.ranks.filter((one) => one.side === side).map(({ side: _, ...rank }) => rank);
    return { name, dtype: dtype as TensorDtype, norm, largest, ranks, metrics };
  };
  const [first, second] = [sideOf('first', row.layer), sideOf('second', row.other)];
  const difference = sideOf('difference', row.layer);
  const number = (value: number | null) => value ?? 0;
  return {
    ...{ name: row.layer, kind: row.kind as LayerKind, rows: row.rows, columns: row.columns },
    shape: JSON.parse(row.shape) as number[],
    ...{ first, second },
    difference: {
      norm: difference.norm,
      relativeNorm: row.relativeNorm,
      largest: difference.largest,
      ranks: difference.ranks,
      signalRank: {
        rank: number(row.signalRank),
        lower: number(row.signalLower),
        upper: number(row.signalUpper),
        certified: row.signalCertified === true,
        floor: number(row.signalFloor),
      },
      holding: row.holding,
      metrics: difference.metrics,
      spectrum: row.spectrum ?? new Float64Array(),
    },
    subspaces:
      row.dimension === null
        ? null
        : {
            dimension: row.dimension,
            left: Array.from(row.leftAngles ?? []),
            right: Array.from(row.rightAngles ?? []),
            gaps: [number(row.firstGap), number(row.secondGap)],
          },
    changes: changesOf(first.metrics, second.metrics),
    notes: JSON.parse(row.notes) as string[],
  };
}

/** A row whose cells are all null. */
const nothing: Omit<ComparisonRow, 'place' | 'layer' | 'other' | 'kind' | 'rows' | 'columns' | 'shape'> = {
  sides: [],
  ranks: [],
  holding: [],
  signalRank: null,
  signalLower: null,
  signalUpper: null,
  signalCertified: null,
  signalFloor: null,
  relativeNorm: null,
  dimension: null,
  leftAngles: null,
  rightAngles: null,
  firstGap: null,
  secondGap: null,
  notes: '[]',
  reason: null,
  spectrum: null,
};
