import type { Recipe } from './recipe.js';

export const scheduleNotations =
  'cosine, constant, step:FACTOR:EPOCH:...: multiplied by FACTOR, above 0 and below 1, after each EPOCH';

/** Returns the share of the highest rate at `done` of `epochs` epochs; both may have fractions. */
export type Schedule = (done: number, epochs: number) => number;

/** Returns what a notation means, or undefined if it means nothing. */
export function readSchedule(notation: string): Schedule | undefined {
  if (notation === 'constant') return () => 1;
  if (notation === 'cosine') return (done, epochs) => (1 + Math.cos((Math.PI * done) / epochs)) / 2;
  const [name, factor, ...epochs] = notation.split(':');
  if (name !== 'step' || epochs.length === 0) return undefined;
  const [by, ...after] = [factor!, ...epochs].map((text) => (/^\d*\.?\d+$/.test(text) ? Number(text) : NaN));
  if (!(by! > 0 && by! < 1) || !after.every((epoch) => epoch > 0)) return undefined;
  return (done) => by! ** after.filter((epoch) => done >= epoch).length;
}

/**
 * Returns the learning rate of a step, counted from 0. Over the warm-up it rises linearly, and reaches its highest with
 * the last of its steps. A cosine begins after the warm-up; the epochs of steps count from the start.
 */
export function learningRateAt(
  { learningRate, schedule, warmUp, epochs }: Recipe,
  step: number,
  stepsPerEpoch: number,
): number {
  const warmSteps = Math.round(Math.min(warmUp, epochs) * stepsPerEpoch);
  if (step < warmSteps) return (learningRate * (step + 1)) / warmSteps;
  const share = readSchedule(schedule)!;
  if (schedule !== 'cosine') return learningRate * share(step / stepsPerEpoch, epochs);
  return learningRate * share(step - warmSteps, epochs * stepsPerEpoch - warmSteps);
}
