import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Metrics } from '../../src/rank/metrics.js';
import type { Dtype, Matrix } from '../../src/spectrum/matrix.js';

/** One matrix of fixtures/battery.json with what numpy, scipy and torch say of it; see make_battery.py. */
export interface BatteryCase {
  name: string;
  dtype: Dtype;
  rows: number;
  columns: number;
  singularValues: number[];
  numpy: number | null;
  numpyTol: { tol: number; rank: number }[];
  torch: { rtol?: number; atol?: number; rank: number }[];
  /** numpy's max(m, n) * spacing(sigma_1). */
  matlab: number;
  /** The rank by share; null where rounding decides. */
  energy: Record<string, number | null>;
  srank: Record<string, number | null>;
  metrics: Omit<Metrics, 'conditionNumber'> & { conditionNumber: number | 'Infinity' | null };
  powerLaw: { alpha: number; count: number; ksDistance: number } | null;
  matrix: Matrix;
}

const { cases } = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'battery.json'), 'utf8')) as {
  cases: (Omit<BatteryCase, 'matrix'> & { data: string })[];
};

export const battery: BatteryCase[] = cases.map(({ data, ...given }) => {
  const { buffer } = Uint8Array.from(Buffer.from(data, 'base64'));
  const numbers = given.dtype === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer);
  return { ...given, matrix: { data: numbers, rows: given.rows, columns: given.columns } };
});

/** The battery's cases of some size: `it.each(nonEmpty)`. */
export const nonEmpty = battery.filter(({ rows, columns }) => rows > 0 && columns > 0);
