import type { StepProgress } from '../../../training/train-network.js';
import type { EpochRow } from '../../../training/training-rows.js';
import { aligned, ruleUnder } from '../aligned.js';
import { duration } from '../progress.js';

/** Seconds between two lines where there is no terminal, and on one. */
const LINE_SECONDS = 10;
const FRAME_SECONDS = 0.125;

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;

/**
 * Returns what shows a training on standard error: a line that changes on a terminal, one every ten seconds elsewhere.
 * `line` writes one that stays.
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

/** Returns how far a training is, in at most 80 columns. */
export function progressLine(
  { epoch, done, total, loss, accuracy, imagesPerSecond }: StepProgress,
  epochs: number,
): string {
  const left = duration((total - done) / Math.max(imagesPerSecond, 1e-9));
  const rate = imagesPerSecond.toFixed(imagesPerSecond < 10 ? 1 : 0);
  return `epoch ${epoch}/${epochs}, loss ${loss.toFixed(3)}, accuracy ${percent(accuracy)}, ${rate} images/s, ${left} left`;
}

/** Returns what an epoch gave, in at most 80 columns. */
export function epochLine({ epoch, trainLoss, testLoss, testAccuracy }: EpochRow, epochs: number): string {
  const losses = `loss ${trainLoss.toFixed(4)}, test loss ${testLoss.toFixed(4)}`;
  return `epoch ${epoch}/${epochs}: ${losses}, test accuracy ${percent(testAccuracy)}`;
}

/** Returns a table with a line per epoch, where everything is, and the results on the last line. */
export function trainingReport(
  rows: readonly EpochRow[],
  places: readonly string[],
  results: {
    readonly state: string;
    readonly testAccuracy: number | null;
    readonly testLoss: number | null;
    readonly imagesPerSecond: number | null;
  },
): string {
  const head = ['epoch', 'rate', 'loss', 'accuracy', 'test loss', 'test accuracy', 'images/s'];
  const cells = rows.map((row) => [
    String(row.epoch),
    row.learningRate.toPrecision(3),
    row.trainLoss.toFixed(4),
    percent(row.trainAccuracy),
    row.testLoss.toFixed(4),
    percent(row.testAccuracy),
    row.imagesPerSecond.toFixed(0),
  ]);
  const [heading = '', ...lines] = aligned([head, ...cells]);
  const { state, testAccuracy, testLoss, imagesPerSecond } = results;
  const numbers =
    testAccuracy === null
      ? 'no epoch is whole'
      : `test accuracy ${percent(testAccuracy)}, test loss ${testLoss!.toFixed(4)}, ${imagesPerSecond!.toFixed(0)} images/s`;
  const table = rows.length === 0 ? [] : [heading, ruleUnder(heading), ...lines, ''];
  return [...table, ...places, '', `${state}: ${numbers}`, ''].join('\n');
}
