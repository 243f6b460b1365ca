import { describe, expect, it } from 'vitest';
import { channelsFigure } from '../../src/plots/figures/channels/channels.js';
import { claimFigure } from '../../src/plots/figures/claim-map.js';
import { comparisonFigure } from '../../src/plots/figures/comparison.js';
import { curveFigure } from '../../src/plots/figures/curve/curve.js';
import { depthFigure } from '../../src/plots/figures/depth.js';
import { drawRun } from '../../src/report/draw-run.js';
import { drawRuns } from '../../src/report/draw-runs.js';
import { expansionPathFigure } from '../../src/plots/figures/expansion-path.js';
import { expansionShareFigure } from '../../src/plots/figures/expansion-share.js';
import { latencyFigure } from '../../src/plots/figures/latency.js';
import { metricFigure } from '../../src/plots/figures/metric-curves.js';
import { writeFigure } from '../../src/plots/render/render.js';
import { scalabilityPoints } from '../../src/report/scalability-points.js';
import { scalabilityFigure } from '../../src/plots/figures/scalability.js';
import { spectrumFigure } from '../../src/plots/figures/spectrum/spectrum.js';
import { toleranceFigure } from '../../src/plots/figures/tolerance-map.js';
import { trainingFigure } from '../../src/plots/figures/training.js';
import { smallTraining } from './figures/small-training.js';
import { smallCurve, smallSpectra } from './figures/small-data.js';
import { smallDepth } from './figures/small-depth.js';
import {
  smallClaims,
  smallComparison,
  smallExpansion,
  smallLatency,
  smallMetrics,
} from './figures/small-results.js';

const [spectra, cumulative] = smallSpectra();
const [claims, results] = smallClaims();
const [panels, points] = smallComparison();
const lines = [{ label: 'a', channels: [1, 2] }];

/** Each figure of rows, drawn `times` over, and with options. */
const drawings: Readonly<Record<string, (times: number, options?: object) => unknown>> = {
  curve: (times, options) => curveFigure(repeat(smallCurve(), times), options),
  spectrum: (times, options) => spectrumFigure(repeat(spectra, times), [], options),
  cumulative: (times, options) => spectrumFigure(spectra, repeat(cumulative, times), options),
  depth: (times, options) => depthFigure(repeat(smallDepth(), times), options),
  latency: (times, options) => latencyFigure(repeat(smallLatency(), times), options),
  tolerance: (times, options) => toleranceFigure(repeat(smallCurve(), times), options),
  metrics: (times, options) => metricFigure(repeat(smallMetrics(), times), options),
  claims: (times, options) => claimFigure(claims, repeat(results, times), options),
  comparison: (times, options) => comparisonFigure(panels, repeat(points, times), options),
  path: (times, options) => expansionPathFigure(repeat(smallExpansion(), times), options),
  share: (times, options) => expansionShareFigure(repeat(smallExpansion(), times), options),
  scalability: (times, options) => scalabilityFigure(repeat(scalabilityPoints(), times), options),
  training: (times, options) => trainingFigure(repeat(smallTraining(), times), options),
  channels: (times, options) => channelsFigure(repeat([{ title: 'a', lines }], times), options),
};

function repeat<T>(rows: readonly T[], times: number): T[] {
  return Array.from({ length: times }, () => rows).flat();
}

describe.each(Object.keys(drawings))('the figure of %s', (name) => {
  const draw = drawings[name]!;

  it('refuses two rows at one point, and names them', () => {
    expect(() => draw(1)).not.toThrow();
    expect(() => draw(2)).toThrow(/^invalid rows: two at one point \(.+\): rows \d+ and \d+ \(allowed: /);
  });

  it('refuses options it does not have, and words that are no text', () => {
    for (const key of ['tilte', 'constructor', 'toString'])
      expect(() => draw(1, { [key]: 'x' })).toThrow(`unknown option: ${key} (`);
    expect(() => draw(1, JSON.parse('{"__proto__": "x"}') as object)).toThrow('unknown option: __proto__');
    expect(() => draw(1, { title: 5 })).toThrow('invalid title: 5 (allowed: a text)');
  });
});

it('says how several runs are drawn in one figure', () => {
  expect(() => curveFigure([...smallCurve(), ...smallCurve()])).toThrow(
    'invalid rows: two at one point (block pointwise, tap output, activation linear, tolerance relative:0.01, ' +
      'dimensionRatio 0.25): rows 1 and 25 (allowed: one row a point; rows of several runs need a `run` each, or ' +
      'curveFigure([{ label, rows }, ...]))',
  );
});

it('refuses misspelt options of what draws and writes', async () => {
  const strange = { ovrelay: true } as object;
  await expect(writeFigure(curveFigure(smallCurve()), '/dev/null/x', [], strange)).rejects.toThrow(
    'unknown option: ovrelay (allowed: onNote, data)',
  );
  await expect(drawRun('.', strange)).rejects.toThrow('unknown option: ovrelay');
  await expect(drawRuns(['.'], strange as { out: string })).rejects.toThrow('unknown option: ovrelay');
  expect(() => channelsFigure([{ title: 'a', lines: [...lines, { label: 'a', channels: [1, 3] }] }])).toThrow(
    'a label of its own for each line',
  );
});
