import { evenness } from '../designs/evenness.js';
import { imagesNeeded } from '../depth/image-demand.js';
import { measureDepth } from '../depth/measure-depth.js';
import { invalid } from '../errors.js';
import { lastOf } from '../lookups.js';
import type { Parameters } from '../models/parameters.js';
import { networkCosts } from '../networks/network-costs.js';
import type { Network } from '../networks/network.js';
import type { Checkpoint } from '../training/checkpoint.js';
import type { TrainingData } from '../training/data/labelled-images.js';
import { byteTable, channelMoments } from '../training/data/standardise.js';
import type { BatchResult } from '../training/engine.js';
import { evaluateAll } from '../training/evaluate-all.js';
import type { Recipe } from '../training/recipe.js';
import { testImageSource } from '../training/tap-ranks.js';
import {
  DivergedError,
  trainNetwork,
  type StepProgress,
  type TrainedNetwork,
} from '../training/train-network.js';
import { availableEngine, createEngine, type TrainingEngineName } from '../training/training-engines.js';
import { channelLine } from './channel-line.js';
import { measureUntrained } from './measure-untrained.js';
import type { DivergedRow, OutputRank, SearchRow } from './search-row.js';
import { designNumbered, networkOfDesign, type SearchSpec, type SearchTask } from './search-spec.js';

export interface TrainDesignOptions {
  readonly engine: TrainingEngineName;
  /** Epochs after which the training pauses. @default those of the recipe */
  readonly until?: number | undefined;
  /** Whether the network is measured at that point, as its last. @default true */
  readonly finish?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly from?: Checkpoint | undefined;
  readonly onStep?: ((progress: StepProgress) => void) | undefined;
  /** Saves a checkpoint; called after `checkpointSeconds`, at a pause, and when the signal stops. */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => Promise<void>) | undefined;
  /** @default 60 */
  readonly checkpointSeconds?: number | undefined;
}

/** The state of a network of a search: stopped by the signal, paused with its test accuracy, or done. */
export type DesignOutcome =
  | { readonly state: 'stopped' }
  | { readonly state: 'paused'; readonly testAccuracy: number }
  | { readonly state: 'done'; readonly row: SearchRow | DivergedRow };

/**
 * Trains one network of a search, or continues it from a checkpoint, and measures it before and after. The test images
 * are evaluated when the training ends or pauses. A network whose loss becomes infinite or no number has a row without
 * results, and at a pause an accuracy of -1. Runs on the active tensor backend.
 *
 * @throws as `trainNetwork` does, but for a loss that is not finite
 */
export async function trainDesign(
  spec: SearchSpec,
  data: TrainingData,
  task: SearchTask,
  options: TrainDesignOptions,
): Promise<DesignOutcome> {
  const { engine, signal, from, finish = true } = options;
  const design = designNumbered(spec, task.design);
  const network = networkOfDesign(spec, design);
  const recipe: Recipe = { ...spec.recipe, seed: task.seed };
  const until = Math.min(options.until ?? recipe.epochs, recipe.epochs);
  const pause = new AbortController();
  if (from && from.position.epochs >= until) pause.abort();
  const { checkpointSeconds = 60, onCheckpoint } = options;
  let kept = performance.now();
  const trained = await trainNetwork(network, withFewTests(data), recipe, {
    ...{ engine, from, checkpointSeconds, onStep: options.onStep },
    signal: AbortSignal.any([pause.signal, ...(signal ? [signal] : [])]),
    onEpoch: ({ epoch }) => {
      if (epoch >= until) pause.abort();
    },
    onCheckpoint: async (checkpoint) => {
      const due = performance.now() - kept >= 1000 * checkpointSeconds;
      const paused = !finish && checkpoint.position.epochs >= until;
      if (!due && !paused && !signal?.aborted) return;
      await onCheckpoint?.(checkpoint);
      kept = performance.now();
    },
  }).catch((cause: unknown) => {
    if (cause instanceof DivergedError) return cause;
    throw cause;
  });
  const hasDiverged = trained instanceof DivergedError;
  if (!hasDiverged && trained.rows.length < until) return { state: 'stopped' };
  const result = hasDiverged ? undefined : tested(network, data, trained);
  if (!finish) return { state: 'paused', testAccuracy: result ? result.test.correct / data.test.count : -1 };
  const epochs = hasDiverged ? trained.epoch - 1 : trained.rows.length;
  const untrained = measureUntrained(network, data, recipe, availableEngine(engine));
  const ranks = await ranksOf(spec, network, data, untrained.parameters, result?.parameters);
  const { params, macs } = networkCosts(network);
  const { a, b } = channelLine(design.channels);
  const row = {
    ...{ design: design.id, channels: design.channels.join('-'), name: design.name, seed: task.seed },
    ...{ group: design.group, params, macs, evenness: shapeOf(design.channels) },
    ...{ lastWidth: lastOf(design.channels), slopeA: a, offsetB: b, epochs },
    ...resultsOf(result, data.test.count),
    ...{ gradientNorm: untrained.gradientNorm, naswot: untrained.naswot },
    ...meansOf(ranks),
    ranks,
  };
  return { state: 'done', row: row as SearchRow | DivergedRow };
}

/** Returns losses, accuracy and speed; nulls of a network that diverged. */
function resultsOf(result: Tested | undefined, images: number) {
  const losses = result?.rows.map(({ trainLoss }) => trainLoss);
  return {
    testAccuracy: result ? result.test.correct / images : null,
    testLoss: result?.test.loss ?? null,
    trainLoss: losses?.at(-1) ?? null,
    trainLossSum: losses ? sum(losses) : null,
    earlyLossSum: losses ? sum(losses.slice(0, Math.ceil(losses.length / 2))) : null,
    seconds: result ? sum(result.rows.map(({ seconds }) => seconds)) : null,
    imagesPerSecond: result?.imagesPerSecond ?? null,
  };
}

/** Evenness is defined for channels that never decrease; others count as stages, 0. */
function shapeOf(channels: readonly number[]): number {
  return channels.every((c, i) => i === 0 || c >= channels[i - 1]!) ? evenness(channels) : 0;
}

/** Returns the data with a single test image; `testOf` evaluates the others once. */
function withFewTests(data: TrainingData): TrainingData {
  const { resolution, channels, pixels, labels } = data.test;
  const size = resolution ** 2 * channels;
  const test = { ...data.test, count: 1, pixels: pixels.subarray(0, size), labels: labels.subarray(0, 1) };
  return { ...data, test };
}

type Tested = TrainedNetwork & { readonly test: BatchResult };

/**
 * Returns a network with its test results; undefined if its parameters, such as variances, or its loss are not finite.
 */
function tested(network: Network, data: TrainingData, trained: TrainedNetwork): Tested | undefined {
  const { parameters, recipe, engine } = trained;
  for (const { data: numbers } of parameters.values()) if (!numbers.every(Number.isFinite)) return undefined;
  const tester = createEngine(engine, { network, batch: recipe.batch, parameters, averaged: false });
  try {
    const test = evaluateAll(tester, data.test, byteTable(channelMoments(data.train)));
    return Number.isFinite(test.loss) ? { ...trained, test } : undefined;
  } finally {
    tester.dispose();
  }
}

/** Returns the measurements of an output. Ranks after training are null for a network that diverged. */
type Rank = { readonly [K in keyof OutputRank]: OutputRank[K] | (K extends `${string}After` ? null : never) };

async function ranksOf(
  { tolerance }: SearchSpec,
  network: Network,
  data: TrainingData,
  before: Parameters,
  after: Parameters | undefined,
): Promise<Rank[]> {
  const images = testImageSource(data, imagesNeeded(network));
  const options = { tolerances: [tolerance], taps: ['output' as const] };
  const first = await measureDepth(network, images, { ...options, parameters: before });
  const last = after && (await measureDepth(network, images, { ...options, parameters: after }));
  return first.map((row, i): Rank => {
    const trained = last?.[i];
    return {
      ...{ layer: row.layer, channels: row.channels },
      ...{ rankBefore: row.rankRatio, rankAfter: trained?.rankRatio ?? null },
      ...{ effectiveBefore: row.effectiveRatio, effectiveAfter: trained?.effectiveRatio ?? null },
    };
  });
}

function meansOf(ranks: readonly Rank[]) {
  const stem = ranks.find(({ layer }) => layer === 'stem');
  const head = ranks.find(({ layer }) => layer.startsWith('head'));
  const outputs = ranks.filter((rank) => rank !== stem && rank !== head);
  if (!stem || outputs.length === 0)
    throw invalid(
      'network',
      ranks.map(({ layer }) => layer).join(', '),
      'a stem and blocks whose rank is measured',
    );
  const mean = (key: Exclude<keyof OutputRank, 'layer'>) => {
    const values = outputs.map((rank) => rank[key]).filter((value) => value !== null);
    return values.length > 0 ? sum(values) / values.length : null;
  };
  return {
    stemRankBefore: stem.rankBefore,
    outputRankBefore: mean('rankBefore'),
    headRankBefore: head?.rankBefore ?? null,
    stemRankAfter: stem.rankAfter,
    outputRankAfter: mean('rankAfter'),
    headRankAfter: head?.rankAfter ?? null,
    stemEffectiveBefore: stem.effectiveBefore,
    outputEffectiveBefore: mean('effectiveBefore'),
    headEffectiveBefore: head?.effectiveBefore ?? null,
    stemEffectiveAfter: stem.effectiveAfter,
    outputEffectiveAfter: mean('effectiveAfter'),
    headEffectiveAfter: head?.effectiveAfter ?? null,
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
