import type { Claim } from '../../../src/claims/paper-claims.js';
import type { Verdict } from '../../../src/claims/test-claims.js';
import type { ClaimPoint } from '../../../src/plots/figures/claim-map.js';
import type { ComparisonPanel, ComparisonPoint } from '../../../src/plots/figures/comparison.js';
import type { LatencyPoint } from '../../../src/plots/figures/latency.js';
import { table5Networks } from '../../../src/published/table-5.js';
import type { ExpansionPoint } from '../../../src/plots/figures/expansion-path.js';
import type { MetricPoint } from '../../../src/study/metric-summary.js';

/** Metrics given by a formula. */
export function smallMetrics(): MetricPoint[] {
  const points: MetricPoint[] = [];
  for (const block of ['pointwise', 'conv3x3'])
    for (const [a, activation] of ['linear', 'relu', 'silu'].entries())
      for (const [m, metric] of ['effectiveRank', 'stableRank'].entries())
        for (const dimensionRatio of [0.25, 0.5, 0.75, 1]) {
          const mean = dimensionRatio / (1 + 0.5 * a + 3 * m);
          const interval = { ci95Low: 0.9 * mean, ci95High: 1.1 * mean };
          points.push({
            ...{ block, tap: 'output', activation, dimensionRatio, metric, layers: 9, mean },
            ...interval,
          });
        }
  return points;
}

/** Two claims with every verdict. */
export function smallClaims(): [Claim[], ClaimPoint[]] {
  const claim = (name: string, parts: readonly string[]): Claim => ({
    ...{ name, words: `The claim of ${name}.`, difference: 'this minus that' },
    parts: parts.map((part) => ({ name: part, contrast: [] })),
  });
  const claims = [claim('expansion', ['Pointwise', '3×3']), claim('depthwise', ['Dimension ratio 0.1'])];
  const verdicts: readonly Verdict[] = ['holds', 'reversed', 'same', 'open'];
  const points = claims.flatMap(({ name, parts }) =>
    parts.flatMap((part) =>
      ['paper', 'standard'].flatMap((protocol, p) =>
        ['numpy', 'relative:0.003', 'energy:0.99', 'effectiveRank'].map((measure, m): ClaimPoint => {
          const verdict = verdicts[(p + m) % 4]!;
          const estimate = { holds: 0.05 + 0.1 * m, reversed: -0.02 - 0.1 * m, same: 0.001, open: 0.1 }[
            verdict
          ];
          return {
            ...{ claim: name, part: part.name, protocol, measure, layers: 20, verdict },
            ...{ estimate, low: estimate - 0.01, high: estimate + 0.01 },
          };
        }),
      ),
    ),
  );
  return [claims, points];
}

/** A panel with all that is drawn and one on a logarithmic axis. */
export function smallComparison(): [ComparisonPanel[], ComparisonPoint[]] {
  const panels: ComparisonPanel[] = [
    { name: 'a', title: 'A panel', note: 'of two series', xTitle: 'x', yTitle: 'y' },
    {
      name: 'b',
      title: 'Another',
      note: 'logarithmic',
      xTitle: 'N',
      yTitle: 'Share',
      logarithmic: true,
      top: 0.5,
    },
  ];
  const points = panels.flatMap(({ name }) =>
    ['first', 'second'].flatMap((series, s) =>
      [2, 4, 8].map((x): ComparisonPoint => {
        const theory = 0.4 / (x + s);
        const measured = s === 1 && x === 8 ? null : theory + 0.01;
        const interval = { low: measured && measured - 0.05, high: measured && measured + 0.05 };
        return { panel: name, series, x, theory: s === 1 ? null : theory, measured, ...interval };
      }),
    ),
  );
  return [panels, points];
}

/** Latencies given by a formula, for the networks of the paper's Table 5. */
export function smallLatency(batch = 1): LatencyPoint[] {
  return table5Networks().map(({ label, top1, macsBillions }, i) => {
    const median = batch * 20 * macsBillions ** 0.9 * (label.startsWith('Eff') ? 1.4 : 1);
    const spread = { lowerQuartile: 0.95 * median, upperQuartile: median * (1 + 0.02 * i) };
    const how = { batch, runs: 5, backend: 'wasm' };
    return { label, top1, macs: 1e9 * macsBillions, median, ...spread, ...how };
  });
}

/** The way of the rank through a bottleneck, given by a formula. */
export function smallExpansion(): ExpansionPoint[] {
  const points: ExpansionPoint[] = [];
  for (const block of ['inverted-conv3x3', 'inverted-depthwise'])
    for (const expansion of [1, 3, 6])
      for (const dimensionRatio of [0.25, 0.5])
        for (const [t, tap] of ['input', 'expand', 'spatial', 'project', 'output'].entries()) {
          const rankRatio = Math.min(1, 1.1 - 0.1 * t);
          const hidden = tap === 'expand' || tap === 'spatial';
          const perInput =
            rankRatio * (t === 0 ? 1 : hidden ? expansion : Math.min(expansion, 1 / dimensionRatio));
          points.push({
            ...{ block, activation: 'relu6', tolerance: 'numpy', expansion, dimensionRatio, tap, layers: 5 },
            ...{ rankRatio, ci95Low: 0.9 * rankRatio, ci95High: rankRatio, perInput },
          });
        }
  return points;
}
