import { messageOf, missing } from '../errors.js';
import { firstOf } from '../lookups.js';
import { activationDefinitions, type ActivationName } from '../activations/definitions.js';
import { activationNamed, type Activation } from '../layers/activations.js';
import type { BlockName, Tap } from '../layers/blocks.js';
import { channelRanges, channelShares, type ChannelRanges } from '../layers/channel-shares.js';
import { featuresOfEach } from '../layers/features.js';
import type { InputArray } from '../layers/inputs.js';
import { drawLayer } from '../layers/layer.js';
import { metrics } from '../rank/metrics.js';
import { ranks, type RankResult, ranksOfSpectrum, spectrumAndRanks } from '../rank/rank.js';
import { centerColumns } from '../spectrum/center.js';
import type { ToleranceLike } from '../rank/tolerance.js';
import type { Matrix } from '../spectrum/matrix.js';
import type { EngineChoice } from '../spectrum/engines.js';
import type { LayerRank, LayerRow } from './layer-row.js';
import type { StudyRules } from './study-rules.js';
import { tapsAt, type Study } from './study.js';

/** The unit of work: one random layer, measured with every activation of the study. */
export interface LayerTask {
  readonly block: BlockName;
  readonly dimensionRatio: number;
  readonly layer: number;
}

/** Data that a study needs besides its description. */
export interface MeasureContext {
  readonly engine: EngineChoice;
  /** The user's own activations. */
  readonly activations?: Readonly<Record<string, Activation>> | undefined;
  /** The user's own inputs. */
  readonly inputs?: InputArray | undefined;
}

/**
 * Yields the tasks of a study, one layer number after another over the whole grid. So a study that is stopped early has
 * as many layers at one point as at another.
 */
export function* layerTasks({ layers, blocks, ratios }: Study): Generator<LayerTask> {
  for (let layer = 0; layer < layers; layer++) {
    for (const block of blocks) for (const dimensionRatio of ratios) yield { block, dimensionRatio, layer };
  }
}

/**
 * Returns the rows of one layer: one for each activation and tap, in the study's order. Runs on the active
 * tensor backend.
 * @throws Error that names the layer, with the cause, where its features are not finite or cannot be computed
 */
export function measureLayer(rules: StudyRules, task: LayerTask, context: MeasureContext): LayerRow[] {
  const { study } = rules;
  const { block, dimensionRatio, layer: index } = task;
  try {
    const address = { seed: study.seed, block, dimensionRatio, index };
    const layer = drawLayer(address, rules.layer, context.inputs);
    const taps = tapsAt(study, block);
    const functions = study.activations.map((name) => activationNamed(name, context.activations));
    const { dIn, dOut, hidden } = layer.sizes;
    const rows: LayerRow[] = [];
    const last = new Map<Tap, { matrix: Matrix; measured: Measured }>();
    const before = new Map<Tap, ChannelRanges>();
    const onInputs = study.metrics
      ? (tap: Tap, inputs: Matrix) => void before.set(tap, channelRanges(inputs))
      : undefined;
    for (const features of featuresOfEach(layer, functions, taps, onInputs)) {
      const activation = study.activations[rows.length / taps.length]!;
      for (const tap of taps) {
        const place = { block, tap, activation, dimensionRatio, layer: index, seed: study.seed };
        const matrix = features[tap]!;
        const earlier = last.get(tap);
        // ReLU6 equals ReLU if nothing exceeds 6
        const measured =
          earlier && sameEntries(earlier.matrix, matrix)
            ? earlier.measured
            : measureMatrix(matrix, rules, context.engine);
        last.set(tap, { matrix, measured });
        const own = Object.hasOwn(context.activations ?? {}, activation);
        const { linearPieces } = own ? {} : (activationDefinitions[activation as ActivationName] ?? {});
        const shares = study.metrics
          ? channelShares(channelRanges(matrix), before.get(tap), linearPieces)
          : noShares;
        rows.push({ ...place, dIn, dOut, hidden, ...measured, ...shares });
      }
    }
    return rows;
  } catch (cause) {
    // a tensor backend that runs out of memory does not say so
    const isMemory = cause instanceof WebAssembly.RuntimeError;
    const reason = `${messageOf(cause)}${isMemory ? ' (the layer may be too large for the memory)' : ''}`;
    throw new Error(`layer ${index} of ${block} at ratio ${dimensionRatio}: ${reason}`, { cause });
  }
}

/** The part of a row that is measured. */
type Measured = ReturnType<typeof measureMatrix>;

/** Returns the spectrum, ranks and metrics of features with one column per channel. */
function measureMatrix(features: Matrix, { study, tolerances }: StudyRules, engine: EngineChoice) {
  const { columns: channels, rows: columns } = features;
  const matrix = study.protocol.center ? centerColumns(features) : features;
  if (!study.metrics && !study.spectra) {
    const counted = ranks(matrix, tolerances, { engine });
    const { method } = firstOf(counted);
    return { channels, columns, ranks: counted.map(toLayerRank), ...noMetrics, method, spectrum: null };
  }
  // a spectrum that is kept answers for any tolerance later, so it is worth the digits far below the largest
  const accuracy = study.spectra ? 'full' : 'auto';
  const { spectrum, ranks: counted, method } = spectrumAndRanks(matrix, tolerances, { engine, accuracy });
  return {
    channels,
    columns,
    ranks: counted.map(toLayerRank),
    ...(study.metrics ? metricsOf(spectrum) : noMetrics),
    method,
    spectrum: study.spectra ? spectrum : null,
  };
}

function sameEntries({ data: a }: Matrix, { data: b }: Matrix): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}

/**
 * Returns the ranks of a layer at other tolerances, from its saved spectrum; they are not proved.
 * @throws RangeError for a row without a spectrum
 */
export function recount(
  { spectrum, channels, columns, block, layer }: LayerRow,
  tolerances: readonly ToleranceLike[],
): LayerRank[] {
  if (!spectrum)
    throw missing(
      'spectrum',
      `layer ${layer} of ${block}`,
      'only a run with kept spectra (--spectra) can be counted at another tolerance',
    );
  const shape = { rows: channels, columns, dtype: 'float32' } as const;
  return ranksOfSpectrum(spectrum, shape, tolerances).map(toLayerRank);
}

function toLayerRank({ tolerance, rank, lower, upper, certified }: Omit<RankResult, 'method'>): LayerRank {
  return { tolerance: tolerance.rule, absolute: tolerance.absolute, rank, lower, upper, certified };
}

const noShares = { silent: null, neverBent: null, dormant: null };

function metricsOf(spectrum: Float64Array) {
  return { largest: spectrum[0] ?? 0, smallest: spectrum.at(-1) ?? 0, ...metrics(spectrum) };
}

const noMetrics = Object.fromEntries(
  Object.keys(metricsOf(new Float64Array())).map((key) => [key, null]),
) as { readonly [K in keyof ReturnType<typeof metricsOf>]: null };
