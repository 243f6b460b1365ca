import type { StepProgress } from '../../../training/train-network.js';
import type { EpochRow, TapRank } from '../../../training/training-rows.js';
import { aligned, ruleUnder } from '../aligned.js';
import { duration } from '../progress.js';

/** Seconds between two lines, without a terminal and on one. */
const LINE_SECONDS = 10;
const FRAME_SECONDS = 0.125;

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;

/**
 * Returns a progress display of a training on standard error. On a terminal it is a line that changes; elsewhere it is
 * a line every ten seconds. `line` writes one that stays.
 */
export function showTraining(epochs: number): {
  step(progress: StepProgress): void;
  line(text: string): void;
  end(): void;
} {
  const terminal = process.stderr.isTTY;
  let last = performance.now();
  const clear = () => void (terminal && process.stderr.write('\r\u001B[K'));
  return {
    step: (progress) => {
      const now = performance.now();
      if (now - last < 1000 * (terminal ? FRAME_SECONDS : LINE_SECONDS)) return;
      last = now;
      clear();
      process.stderr.write(`${progressLine(progress, epochs)}${terminal ? '' : '\n'}`);
    },
    line: (text) => {
      clear();
      process.stderr.write(`${text}\n`);
    },
    end: clear,
  };
}

/** Returns the progress of a training, in at most 80 columns. */
export function progressLine(
  { epoch, done, total, loss, accuracy, imagesPerSecond }: StepProgress,
  epochs: number,
): string {
  const left = duration((total - done) / Math.max(imagesPerSecond, 1e-9));
  const rate = imagesPerSecond.toFixed(imagesPerSecond < 10 ? 1 : 0);
  return `epoch ${epoch}/${epochs}, loss ${formatLoss(loss, 3)}, accuracy ${percent(accuracy)}, ${rate} images/s, ${left} left`;
}

/** Returns the results of an epoch, in at most 80 columns. */
export function epochLine(
  {
    epoch,
    trainLoss,
    testLoss,
    testAccuracy,
  }: Pick<EpochRow, 'epoch' | 'trainLoss' | 'testLoss' | 'testAccuracy'>,
  epochs: number,
): string {
  const losses = `loss ${formatLoss(trainLoss)}, test loss ${formatLoss(testLoss)}`;
  return `epoch ${epoch}/${epochs}: ${losses}, test accuracy ${percent(testAccuracy)}`;
}

/**
 * Returns a table with a line per epoch, the places of the files, and the results on the last line. Ranks are means.
 */
export function trainingReport(
  rows: readonly EpochRow[],
  places: readonly string[],
  results: {
    readonly state: string;
    readonly testAccuracy: number | null;
    readonly testLoss: number | null;
    readonly imagesPerSecond: number | null;
  },
  untrainedRanks: readonly TapRank[] | null = null,
): string {
  const ranked = rows.some(({ ranks }) => ranks !== null);
  const head = ['epoch', 'rate', 'loss', 'accuracy', 'test loss', 'test accuracy', 'images/s'];
  if (ranked) head.push('rank');
  const cells = rows.map((row) => [
    String(row.epoch),
    row.learningRate.toPrecision(3),
    formatLoss(row.trainLoss),
    percent(row.trainAccuracy),
    formatLoss(row.testLoss),
    percent(row.testAccuracy),
    row.imagesPerSecond.toFixed(0),
    ...(ranked ? [meanRatio(row.ranks)] : []),
  ]);
  const [heading = '', ...lines] = aligned([head, ...cells]);
  const { state, testAccuracy, testLoss, imagesPerSecond } = results;
  const numbers =
    testAccuracy === null || testLoss === null || imagesPerSecond === null
      ? 'no epoch is complete'
      : `test accuracy ${percent(testAccuracy)}, test loss ${formatLoss(testLoss)}, ${imagesPerSecond.toFixed(0)} images/s`;
  const about = ranked ? rankLines(rows.at(-1)?.ranks ?? [], untrainedRanks) : [];
  const table = rows.length === 0 ? [] : [heading, ruleUnder(heading), ...lines, ...about, ''];
  return [...table, ...places, '', `${state}: ${numbers}`, ''].join('\n');
}

/** Returns a loss with its decimals, or as a power of ten if training has diverged. */
function formatLoss(loss: number, decimals = 4): string {
  return loss < 1e6 ? loss.toFixed(decimals) : loss.toExponential(decimals);
}

/** The mean rank ratio of all layers and places, at the first tolerance. */
function meanRatio(ranks: readonly TapRank[] | null): string {
  const own = (ranks ?? []).filter(({ tolerance }) => tolerance === ranks?.[0]?.tolerance);
  if (own.length === 0) return '-';
  return (own.reduce((sum, { rankRatio }) => sum + rankRatio, 0) / own.length).toFixed(2);
}

function rankLines(ranks: readonly TapRank[], untrained: readonly TapRank[] | null): string[] {
  const [first] = ranks;
  if (!first) return [];
  const before = untrained ? `, ${meanRatio(untrained)} before training` : '';
  return [`rank: mean rank ratio of all layers at ${first.tolerance}${before}`];
}
