import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../src/spectrum/matrix.js';
import { WasmEngine } from '../../../src/spectrum/wasm/wasm-engine.js';
import { gaussian, planted } from './planted.js';
import { integer, seeded } from './random.js';

const python = process.env['PYTHON'] ?? 'python3';
const present = spawnSync(python, ['-c', 'import numpy']).status === 0;
const script = join(__dirname, 'agreement.py');

interface Answer {
  numpy: number;
  torch: number | null;
  distance: number;
}

function features(random: () => number): Matrix {
  const rows = integer(random, 2, 120);
  const columns = integer(random, 2, 200);
  const n = Math.min(rows, columns);
  switch (integer(random, 0, 2)) {
    case 0:
      return gaussian(random, rows, columns, 'float32');
    case 1: {
      const rank = integer(random, 1, n);
      const { data } = planted(
        random,
        rows,
        columns,
        Array.from({ length: n }, (_, i) => (i < rank ? 1 + random() : 0)),
      );
      return { data: Float32Array.from(data), rows, columns };
    }
    default: {
      const decay = 8 * random();
      const { data } = planted(
        random,
        rows,
        columns,
        Array.from({ length: n }, (_, i) => 10 ** ((-decay * i) / n)),
      );
      return { data: Float32Array.from(data), rows, columns };
    }
  }
}

describe.skipIf(!present)('agreement with numpy and torch', () => {
  it('counts what they count in every certified case', { timeout: 120_000 }, () => {
    const random = seeded(11);
    const engine = new WasmEngine();
    const cases = Array.from({ length: 300 }, () => {
      const matrix = features(random);
      return { matrix, relative: Math.max(matrix.rows, matrix.columns) * 2 ** -23 };
    });
    const input = cases
      .map(({ matrix: { data, rows, columns }, relative }) =>
        JSON.stringify({
          data: Buffer.from(data.buffer).toString('base64'),
          rows,
          columns,
          relative,
        }),
      )
      .join('\n');
    const { stdout, status } = spawnSync(python, [script], {
      ...{ input, maxBuffer: 2 ** 28, encoding: 'utf8' },
      // small matrices: more threads only wait for each other
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    });
    expect(status).toBe(0);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer);
    let certified = 0;
    for (const [i, { matrix, relative }] of cases.entries()) {
      const claim = engine.certifiedCount(matrix, { relative });
      const { numpy, torch, distance } = answers[i]!;
      if (!claim.certified) continue;
      certified++;
      // nearer than this to a singular value, float64's own SVD may be the one that is off
      if (distance < 1e-13) continue;
      expect(numpy).toBe(claim.rank);
      if (torch !== null) expect(torch).toBe(claim.rank);
    }
    console.log(`certified ${certified} of ${cases.length} at float32's tolerance`);
    expect(certified).toBeGreaterThan(0.95 * cases.length);
  });
});
