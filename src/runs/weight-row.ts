import type { TensorDtype } from '../formats/dtypes.js';
import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import type { LayerKind, Skipped } from '../formats/model-file.js';
import type { BaselineName } from '../weights/baseline.js';
import { fullRank, type LayerWeights } from '../weights/measure-layer-weights.js';

/** A layer in the table of a run: what was measured, or the reason why nothing was. Texts that hold lists are JSON. */
export interface WeightRow {
  readonly place: number;
  readonly layer: string;
  readonly kind: string;
  readonly dtype: string;
  readonly rows: number;
  readonly columns: number;
  readonly shape: string;
  readonly aliases: string;
  readonly ranks: readonly {
    readonly rule: string;
    readonly rank: number;
    readonly lower: number;
    readonly upper: number;
    readonly certified: boolean;
  }[];
  readonly signalRank: number | null;
  readonly signalLower: number | null;
  readonly signalUpper: number | null;
  readonly signalCertified: boolean | null;
  readonly signalFloor: number | null;
  readonly noiseEdge: number | null;
  readonly noiseSpread: number | null;
  readonly beyondNoise: number | null;
  readonly baselineLargest: number | null;
  readonly beyondBaseline: number | null;
  readonly largest: number | null;
  readonly smallest: number | null;
  readonly stableRank: number | null;
  readonly effectiveRank: number | null;
  readonly participationRatio: number | null;
  readonly spectralEntropy: number | null;
  readonly nuclearNorm: number | null;
  readonly conditionNumber: number | null;
  readonly alpha: number | null;
  readonly alphaError: number | null;
  readonly alphaMin: number | null;
  readonly alphaMax: number | null;
  readonly alphaCount: number | null;
  readonly alphaDistance: number | null;
  readonly deadRows: number | null;
  readonly duplicateRows: number | null;
  readonly normalization: string | null;
  readonly normalizationKnown: boolean | null;
  readonly folded: boolean | null;
  readonly adapterRank: number | null;
  readonly adapterScale: number | null;
  readonly notes: string;
  readonly reason: string | null;
  readonly spectrum: Float64Array | null;
  readonly baselineSpectrum: Float64Array | null;
}

/** Returns the row of a layer that was measured, or could not be. */
export function toRow(place: number, matrix: WeightMatrix, measured: LayerWeights | Skipped): WeightRow {
  const { name, kind, dtype, rows, columns } = matrix;
  const head = {
    ...{ place, layer: name, kind, dtype, rows, columns },
    shape: JSON.stringify(matrix.shape),
    aliases: JSON.stringify(matrix.aliases),
  };
  if ('reason' in measured) return { ...nothing, ...head, reason: measured.reason };
  const { signalRank, noise, baseline, metrics, powerLaw, normalization } = measured;
  return {
    ...nothing,
    ...head,
    ...metrics,
    ranks: measured.ranks.map(({ rule, rank, lower, upper, certified }) => ({
      rule,
      rank,
      lower,
      upper,
      certified,
    })),
    signalRank: signalRank.rank,
    signalLower: signalRank.lower,
    signalUpper: signalRank.upper,
    signalCertified: signalRank.certified,
    signalFloor: signalRank.floor,
    noiseEdge: noise.edge,
    noiseSpread: noise.spread,
    beyondNoise: noise.beyond,
    baselineLargest: baseline?.largest ?? null,
    beyondBaseline: baseline?.beyond ?? null,
    largest: measured.largest,
    smallest: measured.smallest,
    alpha: powerLaw?.alpha ?? null,
    alphaError: powerLaw?.standardError ?? null,
    alphaMin: powerLaw?.xMin ?? null,
    alphaMax: powerLaw?.xMax ?? null,
    alphaCount: powerLaw?.count ?? null,
    alphaDistance: powerLaw?.ksDistance ?? null,
    deadRows: measured.deadRows,
    duplicateRows: measured.duplicateRows,
    normalization: normalization?.name ?? null,
    normalizationKnown: normalization?.known ?? null,
    folded: normalization?.folded ?? null,
    adapterRank: measured.adapter?.rank ?? null,
    adapterScale: measured.adapter?.scale ?? null,
    notes: JSON.stringify(measured.notes),
    spectrum: measured.spectrum,
    baselineSpectrum: measured.baselineSpectrum,
  };
}

/** Returns the content of a row: a measured layer, or a skipped layer with its reason. */
export function fromRow(row: WeightRow, baseline: BaselineName): LayerWeights | Skipped {
  if (row.reason !== null) return { name: row.layer, reason: row.reason };
  const { rows, columns } = row;
  const number = (value: number | null) => value ?? 0;
  const adapter =
    row.adapterRank === null ? null : { rank: row.adapterRank, scale: number(row.adapterScale) };
  const full = fullRank({ rows, columns, adapter });
  return {
    name: row.layer,
    aliases: JSON.parse(row.aliases) as string[],
    kind: row.kind as LayerKind,
    ...{ rows, columns },
    shape: JSON.parse(row.shape) as number[],
    dtype: row.dtype as TensorDtype,
    ranks: row.ranks.map((one) => ({
      ...one,
      rankRatio: one.rank / Math.max(1, rows),
      shareOfFull: one.rank / full,
    })),
    signalRank: {
      rank: number(row.signalRank),
      lower: number(row.signalLower),
      upper: number(row.signalUpper),
      certified: row.signalCertified === true,
      floor: number(row.signalFloor),
    },
    noise: { edge: number(row.noiseEdge), spread: number(row.noiseSpread), beyond: number(row.beyondNoise) },
    baseline:
      row.baselineLargest === null
        ? null
        : { kind: baseline, largest: row.baselineLargest, beyond: number(row.beyondBaseline) },
    largest: number(row.largest),
    smallest: number(row.smallest),
    metrics: {
      stableRank: number(row.stableRank),
      effectiveRank: number(row.effectiveRank),
      participationRatio: number(row.participationRatio),
      spectralEntropy: number(row.spectralEntropy),
      nuclearNorm: number(row.nuclearNorm),
      conditionNumber: row.conditionNumber,
    },
    powerLaw:
      row.alpha === null
        ? null
        : {
            alpha: row.alpha,
            xMin: number(row.alphaMin),
            xMax: number(row.alphaMax),
            count: number(row.alphaCount),
            ksDistance: number(row.alphaDistance),
            standardError: number(row.alphaError),
          },
    deadRows: number(row.deadRows),
    duplicateRows: number(row.duplicateRows),
    normalization:
      row.normalization === null
        ? null
        : { name: row.normalization, known: row.normalizationKnown === true, folded: row.folded === true },
    notes: JSON.parse(row.notes) as string[],
    spectrum: row.spectrum ?? new Float64Array(),
    adapter,
    baselineSpectrum: row.baselineSpectrum,
  };
}

/** A row whose cells are all null. */
const nothing: Omit<
  WeightRow,
  'place' | 'layer' | 'kind' | 'dtype' | 'rows' | 'columns' | 'shape' | 'aliases'
> = {
  ranks: [],
  signalRank: null,
  signalLower: null,
  signalUpper: null,
  signalCertified: null,
  signalFloor: null,
  noiseEdge: null,
  noiseSpread: null,
  beyondNoise: null,
  baselineLargest: null,
  beyondBaseline: null,
  largest: null,
  smallest: null,
  stableRank: null,
  effectiveRank: null,
  participationRatio: null,
  spectralEntropy: null,
  nuclearNorm: null,
  conditionNumber: null,
  alpha: null,
  alphaError: null,
  alphaMin: null,
  alphaMax: null,
  alphaCount: null,
  alphaDistance: null,
  deadRows: null,
  duplicateRows: null,
  normalization: null,
  normalizationKnown: null,
  folded: null,
  adapterRank: null,
  adapterScale: null,
  notes: '[]',
  reason: null,
  spectrum: null,
  baselineSpectrum: null,
};
