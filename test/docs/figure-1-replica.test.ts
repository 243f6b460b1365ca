import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readSummary } from '../../src/runs/read-study.js';
import { describe, expect, it } from 'vitest';

const root = join(__dirname, '../..');
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import numpy']).status === 0,
);
const reason = python === undefined ? ' (skipped: there is no python3 with numpy)' : '';
const LAYERS = 2;

describe('docs/figure_1.py', () => {
  it.skipIf(python === undefined)(
    `gives the means of figures/figure-1, from layers of its own${reason}`,
    async () => {
      const { stdout, stderr, status } = spawnSync(
        python ?? '',
        [join(root, 'docs/figure_1.py'), String(LAYERS), '3'],
        { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' } },
      );
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      const kept = await readSummary(join(root, 'figures/figure-1'));
      const sums = new Map<string, { difference: number; variance: number; ratios: number }>();
      for (const line of stdout.trim().split('\n')) {
        const [block = '', activation = '', ratio = '', mean = ''] = line.split(',');
        const point = kept.find(
          (row) =>
            row.block === block &&
            row.tap === 'output' &&
            row.activation === activation &&
            row.dimensionRatio === Number(ratio),
        );
        if (!point) throw new Error(`no such point: ${line}`);
        const sum = sums.get(`${block} ${activation}`) ?? { difference: 0, variance: 0, ratios: 0 };
        sum.difference += Number(mean) - point.rankRatioMean;
        sum.variance += (point.rankRatioSd ** 2 + 0.001 ** 2) * (1 / LAYERS + 1 / point.layers);
        sum.ratios += 1;
        sums.set(`${block} ${activation}`, sum);
      }
      expect(sums.size).toBe(32);
      // the ratios of a curve are independent; eight activations share their layers
      const far = [...sums].filter(
        ([, { difference, variance, ratios }]) =>
          ratios !== 5 || Math.abs(difference) > 4 * Math.sqrt(variance),
      );
      expect(far).toEqual([]);
    },
    120_000,
  );
});
