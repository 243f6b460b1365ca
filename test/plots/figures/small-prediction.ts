import type { PhasePanelPoint, PhaseSpot } from '../../../src/plots/figures/phase.js';
import type { PredictedPoint } from '../../../src/theory/predict-study.js';
import { smallCurve } from './small-data.js';

/** Predictions beside `smallCurve`, a little lower. */
export function smallPrediction(): PredictedPoint[] {
  return smallCurve().map(({ block, tap, activation, dimensionRatio, tolerance, rankRatioMean }) => ({
    ...{ block, tap, activation, dimensionRatio, tolerance },
    rankRatioPredicted: 0.95 * rankRatioMean,
  }));
}

/** Two panels whose signs change, with one measured cell. */
export function smallPhase(): { points: PhasePanelPoint[]; spots: PhaseSpot[] } {
  const points = ['Scale 1', 'Scale 2'].flatMap((panel, p) =>
    [32, 64, 128, 256].flatMap((width, i) =>
      [0.1, 0.01, 0.001].map((tolerance, k) => {
        const difference = 0.1 * (i - k) - 0.05 * p;
        return { panel, width, tolerance, first: 0.5 + difference, second: 0.5, difference };
      }),
    ),
  );
  const spots = [{ panel: 'Scale 1', width: 64, tolerance: 0.01, difference: 0.02, low: -0.01, high: 0.05 }];
  return { points, spots };
}
