import type { EngineState } from './engine.js';
import type { TrainingEngineName } from './training-engines.js';
import type { EpochRow } from './training-rows.js';

/** Everything that the rest of a training depends on, besides network, data and recipe. */
export interface Checkpoint {
  readonly engine: TrainingEngineName;
  readonly position: TrainingPosition;
  readonly state: EngineState;
}

/** The progress of a training; JSON holds it exactly. */
export interface TrainingPosition {
  /** Number of complete epochs. */
  readonly epochs: number;
  /** Steps done of the next epoch, with their results. */
  readonly steps: number;
  readonly lossSum: number;
  readonly correct: number;
  readonly seconds: number;
  readonly rows: readonly EpochRow[];
}

export const startPosition: TrainingPosition = {
  epochs: 0,
  steps: 0,
  lossSum: 0,
  correct: 0,
  seconds: 0,
  rows: [],
};
