import type { CumulativePoint, SpectrumPoint } from '../../../src/study/spectrum-summary.js';
import type { SummaryRow } from '../../../src/study/summary.js';

/** Curves given by a formula, so that snapshots rest on nothing random. */
export function smallCurve(
  options: {
    blocks?: readonly string[];
    activations?: readonly string[];
    ratios?: readonly number[];
    taps?: readonly string[];
    tolerances?: readonly string[];
    layers?: number;
  } = {},
): SummaryRow[] {
  const { blocks = ['pointwise', 'inverted-depthwise'], activations = ['linear', 'relu', 'silu'] } = options;
  const { ratios = [0.25, 0.5, 0.75, 1], taps = ['output'], tolerances = ['relative:0.01'] } = options;
  const layers = options.layers ?? 1000;
  const points: SummaryRow[] = [];
  for (const [b, block] of blocks.entries())
    for (const [t, tap] of taps.entries())
      for (const [e, tolerance] of tolerances.entries())
        for (const [a, activation] of activations.entries())
          for (const dimensionRatio of ratios) {
            const bend = activation === 'linear' ? 1 : 1 / (2 + a - 0.8 * b + 0.2 * t + 0.1 * e);
            const rankRatioMean = dimensionRatio ** bend;
            const half = layers > 1 ? 0.03 * (1.1 - dimensionRatio) : NaN;
            points.push({
              block,
              tap,
              activation,
              dimensionRatio,
              tolerance,
              layers,
              rankRatioMean,
              rankRatioSd: layers > 1 ? 0.1 : NaN,
              ci95Low: rankRatioMean - half,
              ci95High: Math.min(1, rankRatioMean + half),
            });
          }
  return points;
}

/** Spectra given by a formula: the linear layer's end at its dimension ratio, with exact zeros behind. */
export function smallSpectra(
  options: {
    blocks?: readonly string[];
    activations?: readonly string[];
    ratios?: readonly number[];
    positions?: number;
  } = {},
): [SpectrumPoint[], CumulativePoint[]] {
  const { blocks = ['pointwise', 'conv3x3'], activations = ['linear', 'relu', 'silu'] } = options;
  const { ratios = [0.25, 1], positions = 12 } = options;
  const spectra: SpectrumPoint[] = [];
  const cumulative: CumulativePoint[] = [];
  for (const block of blocks)
    for (const [a, activation] of activations.entries())
      for (const dimensionRatio of ratios) {
        const group = { block, tap: 'output', activation, dimensionRatio, layers: 50 };
        const magnitudes = Array.from({ length: positions }, (_, i) => {
          const position = (i + 1) / positions;
          if (activation === 'linear' && position > dimensionRatio) return 0;
          return 10 ** ((-3 * (a + 1) * i) / positions);
        });
        magnitudes.forEach((magnitude, i) => {
          const position = (i + 1) / positions;
          const spread = { magnitudeLow: magnitude * 0.8, magnitudeHigh: Math.min(1, magnitude * 1.2) };
          spectra.push({ ...group, position, magnitude, ...spread });
        });
        for (let exponent = -10; exponent <= 0; exponent++) {
          const magnitude = Number(`1e${exponent}`);
          const share = magnitudes.filter((m) => m <= magnitude).length / positions;
          cumulative.push({ ...group, magnitude, share });
        }
      }
  return [spectra, cumulative];
}
