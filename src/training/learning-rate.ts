import { invalid } from '../errors.js';
import type { Recipe } from './recipe.js';

export const scheduleNotations =
  'cosine, constant, step:FACTOR:EPOCH:...: multiplied by FACTOR, above 0 and below 1, after each EPOCH';

/** The learning rate over time, as a share of its highest. */
export interface Schedule {
  /** Whether it begins after the warm-up and ends with the last epoch. Otherwise its epochs count from the start. */
  readonly afterWarmUp: boolean;
  /** Returns the share at `done` of `epochs` epochs; both may have fractions. */
  readonly share: (done: number, epochs: number) => number;
}

/** Returns the schedule of a notation, or undefined if it is invalid. */
export function readSchedule(notation: string): Schedule | undefined {
  if (notation === 'constant') return { afterWarmUp: false, share: () => 1 };
  if (notation === 'cosine')
    return { afterWarmUp: true, share: (done, epochs) => (1 + Math.cos((Math.PI * done) / epochs)) / 2 };
  const [name, ...numbers] = notation.split(':');
  if (name !== 'step' || numbers.length < 2) return undefined;
  const [factor = NaN, ...after] = numbers.map((text) => (/^\d*\.?\d+$/.test(text) ? Number(text) : NaN));
  if (!(factor > 0 && factor < 1) || !after.every((epoch) => epoch > 0)) return undefined;
  return { afterWarmUp: false, share: (done) => factor ** after.filter((epoch) => done >= epoch).length };
}

/**
 * Returns a function from a step, counted from 0, to its learning rate. Over the warm-up it rises linearly, and reaches
 * its highest with the last of its steps. A cosine begins after the warm-up; the epochs of steps count from the start.
 *
 * @throws RangeError for a schedule that means nothing
 */
export function learningRates(
  { learningRate, schedule: notation, warmUp, epochs }: Recipe,
  stepsPerEpoch: number,
): (step: number) => number {
  const schedule = readSchedule(notation);
  if (schedule === undefined) throw invalid('schedule', notation, scheduleNotations);
  const warmSteps = Math.round(Math.min(warmUp, epochs) * stepsPerEpoch);
  return (step) => {
    if (step < warmSteps) return (learningRate * (step + 1)) / warmSteps;
    const share = schedule.afterWarmUp
      ? schedule.share(step - warmSteps, epochs * stepsPerEpoch - warmSteps)
      : schedule.share(step / stepsPerEpoch, epochs);
    return learningRate * share;
  };
}
