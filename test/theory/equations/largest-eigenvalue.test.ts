import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ActivationName } from '../../../src/activations/definitions.js';
import { countOfFluctuations } from '../../../src/theory/equations/finite-size.js';
import { lengthQuadrature } from '../../../src/theory/harmonics.js';
import { largestEigenvalue } from '../../../src/theory/equations/largest-eigenvalue.js';
import { layerParts } from '../../../src/theory/layer-parts.js';
import { predictSpectrum } from '../../../src/theory/predict-rank-ratios.js';
import { Resolvent } from '../../../src/theory/equations/resolvent.js';

interface Case {
  readonly activation: ActivationName;
  readonly dIn: number;
  readonly dOut: number;
  readonly samples: number;
  readonly mean: number;
  readonly standardError: number;
}

// means over 500 layers (fixtures/make_largest.py): edges (linear), outliers (SiLU), and both at once (ELU)
const { cases } = JSON.parse(readFileSync(join(__dirname, 'fixtures/largest.json'), 'utf8')) as {
  cases: Case[];
};

describe('the largest eigenvalue', () => {
  it.each(cases)(
    'of $activation with $dIn inputs, $samples samples is 1% off at most',
    ({ mean, standardError, ...layer }) => {
      const { largest } = predictSpectrum(layer);
      const noise = standardError / mean;
      expect(Math.abs(largest ** 2 / mean - 1)).toBeLessThan(0.007 + noise);
    },
  );

  it('knows whether it stands apart', () => {
    const kindOf = (f: (x: number) => number) =>
      largestEigenvalue(
        layerParts(
          { rows: 128, columns: 512, dimension: 32 },
          [{ scale: 1, shift: 0, share: 1, f }],
          lengthQuadrature(32, 8),
        ),
      ).kind;
    expect(kindOf((x) => x)).toBe('edge');
    expect(kindOf((x) => x + 0.01)).toBe('edge');
    expect(kindOf((x) => x + 1)).toBe('outlier');
  });
});

describe('countOfFluctuations', () => {
  // a real Wishart matrix, 200 x 800: 1/4 at both edges of its density less half an arcsine law (Dumitriu and Edelman 2006)
  it('is that of a real Wishart matrix', () => {
    const [rows, columns] = [200, 800];
    const dimension = 10_000_000; // so many inputs that the product of two matrices is one
    const parts = layerParts({ rows, columns, dimension }, [{ scale: 1, shift: 0, share: 1, f: (x) => x }], {
      nodes: Float64Array.of(Math.sqrt(dimension)),
      weights: Float64Array.of(1),
    });
    const [low, high] = [-1, 1].map((sign) => (Math.sqrt(columns) + sign * Math.sqrt(rows)) ** 2) as [
      number,
      number,
    ];
    const resolvent = new Resolvent(parts);
    const at = (x: number) => {
      const point = { x, eta: 1e-6 };
      return countOfFluctuations(parts, point, resolvent.solve(point));
    };
    expect(at(1.1 * high)).toBeCloseTo(0, 3);
    for (const share of [0.95, 0.75, 0.5, 0.25, 0.05]) {
      const x = low + share * (high - low);
      const above = Math.acos(2 * share - 1) / Math.PI; // of the arcsine law
      expect(at(x)).toBeCloseTo(1 / 4 - above / 2, 3);
    }
    expect(at(0.8 * low)).toBeCloseTo(0, 3);
  });
});
