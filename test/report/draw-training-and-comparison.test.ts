import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openModel } from '../../src/formats/open-model.js';
import { cifarNetwork } from '../../src/networks/cifar.js';
import { formatTolerance } from '../../src/rank/tolerance.js';
import { drawKeptRun } from '../../src/report/draw-kept-run.js';
import { comparisonRun } from '../../src/runs/comparison-run.js';
import { readTrainingRows, runTraining, trainingSpec } from '../../src/runs/training-run.js';
import { executeRun } from '../../src/store/execute-run.js';
import { readTrainingData } from '../../src/training/data/read-training-data.js';
import { resolveRecipe } from '../../src/training/recipe.js';
import { resolveComparison, sharedLayers } from '../../src/weights/compare-weights.js';
import { writeStripes } from '../training/small-images.js';
import { writeSafetensors } from '../weights/write-safetensors.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-drawn-'));
afterAll(() => rmSync(base, { recursive: true }));

/** The rows of a table beside a figure, as records. */
function tableOf(path: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
}

describe('a kept training', () => {
  it('is drawn again, in another folder, with the accuracy and loss of each epoch', async () => {
    const network = cifarNetwork([3, 4], { resolution: 8, classes: 3 });
    const data = await readTrainingData(writeStripes(join(base, 'data'), 48, 16), { resolution: 8 });
    const recipe = resolveRecipe({ epochs: 2, batch: 16, learningRate: 0.1, flip: false });
    const out = join(base, 'training');
    const nothing = () => undefined;
    await runTraining(trainingSpec(network, data, recipe, null), data, {
      ...{ out, engine: 'kernels', backend: null, resume: false, overwrite: false, options: {} },
      onEpoch: nothing,
      onTrained: () => Promise.resolve(),
    });
    const rows = await readTrainingRows(out);
    expect(rows).toHaveLength(2);
    const elsewhere = join(base, 'elsewhere');
    const [svg] = await drawKeptRun(out, { formats: ['svg'], out: elsewhere, figure: { title: 'Stripes' } });
    expect(svg).toBe(join(elsewhere, 'training.svg'));
    expect(readFileSync(svg!, 'utf8')).toContain('Stripes');
    const points = tableOf(join(elsewhere, 'training.csv'));
    expect(points.map(({ epoch, line, accuracy }) => [epoch, line, Number(accuracy)])).toEqual(
      rows.flatMap(({ epoch, testAccuracy, trainAccuracy }) => [
        [String(epoch), 'test', testAccuracy],
        [String(epoch), 'training', trainAccuracy],
      ]),
    );
    await expect(drawKeptRun(out, { layer: 'conv' })).rejects.toThrow(
      'invalid layer: conv (allowed: only for runs of weights)',
    );
  });
});

describe('a kept comparison', () => {
  it('is drawn again with what moved in each layer, in the order of the first model', async () => {
    const matrix = (factor: number) => ({
      shape: [6, 9],
      data: Float32Array.from({ length: 54 }, (_, i) => factor * Math.sin(1 + i * i)),
    });
    const [one, other] = [join(base, 'one.safetensors'), join(base, 'other.safetensors')];
    writeSafetensors(one, { 'z.weight': matrix(1), 'a.weight': matrix(2), 'only.weight': matrix(1) });
    writeSafetensors(other, { 'a.weight': matrix(3), 'z.weight': matrix(1.25) });
    const models = [await openModel(one), await openModel(other)] as const;
    const { matched } = sharedLayers(...models, {});
    const { tolerances, ...settings } = resolveComparison({});
    const out = join(base, 'comparison');
    const spec = {
      formats: models.map(({ format }) => format) as ['safetensors', 'safetensors'],
      layers: matched.map(({ name }) => name),
      tolerances: tolerances.map(formatTolerance),
      ...{ ...settings, errors: [...settings.errors], second: 'file' as const },
    };
    await executeRun(comparisonRun, spec, { out, context: { matched } });
    models.forEach((model) => model.close());
    const paths = await drawKeptRun(out, { formats: ['svg'] });
    expect(paths[0]).toBe(join(out, 'compare.svg'));
    const table = paths.find((path) => /moved.*csv$/.test(path));
    const moved = tableOf(table!).filter(({ series }) => series === '|B − A| / |A|');
    // B is 1.25 A in the first layer and 1.5 A in the second
    expect(moved.map(({ layer, share }) => [layer, Number(share)])).toEqual([
      ['z.weight', 0.25],
      ['a.weight', 0.5],
    ]);
    await expect(drawKeptRun(out, { study: { overlay: true } } as object)).rejects.toThrow(
      /^invalid overlay: true \(allowed: only for runs of a study\)/,
    );
  });
});
