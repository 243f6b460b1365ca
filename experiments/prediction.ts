/**
 * How far off are predicted rank ratios? Certified ranks of 1,000 random layers per point beside the prediction: eight activations,
 * ten dimension ratios, five tolerances, 128 output channels, batch statistics, scale 1.
 *
 *     npx tsx experiments/prediction.ts [--layers 1000] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/prediction/reach.csv and prints the errors; another number of layers to runs/, unless --out is given. The run
 * itself (80,000 layers, ten minutes on two cores) is not kept. Then panel-a.csv: the pointwise panel of Figure 1, as kept in
 * figures/figure-1, beside its prediction. Then bottlenecks.csv and the figure stack: inverted bottlenecks at one pixel, after their second and
 * third convolution, beside a fortieth as many layers. `PARTS=panel,stack` leaves out the first; any of the three can be chosen.
 * `PARTS=again` predicts the points of reach.csv anew, beside the layers that were measured.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  predictStudy,
  readManifest,
  readSummary,
  readTable,
  resolveStudy,
  runStudy,
  writeTable,
  type StudyInput,
} from 'rankscope';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';
import type { StackRow } from './study-panels';

const { sizes, out } = experimentArguments({ name: 'prediction', full: { layers: 1000 } });

/** The layers of Figure 1, which are read. */
const MEASURED = 'figures/figure-1';

const study: StudyInput = {
  blocks: ['pointwise'],
  layers: sizes.layers,
  metrics: false,
  protocol: {
    ...{ preset: 'standard', channels: '128:128', samples: '4x' },
    tolerances: [0.1, 0.03, 0.01, 0.003, 0.001].map((tolerance) => `relative:${tolerance}`),
  },
};

async function main(): Promise<void> {
  const parts = (process.env['PARTS'] ?? 'reach,panel,stack').split(',');
  if (parts.includes('reach')) await reach();
  if (parts.includes('again')) await keepReach(await readTable<Reached>(`${out}/reach.csv`), study);
  if (parts.includes('panel')) await panelA();
  if (parts.includes('stack')) await stack();
}

/** Inverted bottlenecks at one pixel: layers whose inputs are the features of other layers. */
async function stack(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'prediction-'));
  const { summary, manifest } = await runStudy(
    {
      ...{ blocks: ['inverted-conv3x3'], taps: ['spatial', 'project'], metrics: false },
      ...{ activations: ['relu', 'elu', 'silu', 'hardSwish'], ratios: [0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1] },
      layers: Math.max(2, Math.round((sizes.layers ?? 1000) / 40)),
      protocol: {
        ...{ preset: 'standard', channels: '128:128', samples: '4x', expansion: 2 },
        tolerances: ['relative:0.1', 'relative:0.03'],
      },
    },
    { out: join(folder, 'run') },
  );
  await rm(folder, { recursive: true });
  const { points } = predictStudy(manifest.study);
  const rows = summary.map((row) => {
    const { tap, activation, dimensionRatio, tolerance, layers, rankRatioMean, rankRatioSd } = row;
    const same = points.find(
      (point) =>
        point.tap === tap &&
        point.activation === activation &&
        point.dimensionRatio === dimensionRatio &&
        point.tolerance === tolerance,
    );
    return {
      ...{ tap, activation, dimensionRatio, tolerance, layers, measured: rankRatioMean },
      standardError: rankRatioSd / Math.sqrt(layers),
      predicted: same?.rankRatioPredicted ?? NaN,
    };
  });
  await writeTable(`${out}/bottlenecks.csv`, rows, 5);
  for (const path of await drawFolder('prediction', out)) console.log(path);
  for (const tap of ['spatial', 'project']) {
    const errors = rows
      .filter((row) => row.tap === tap && row.measured > 0.02 && row.measured < 0.995)
      .map((row) => Math.abs(row.predicted - row.measured));
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    console.log(
      `${tap}: ${errors.length} points, mean error ${mean.toFixed(4)}, largest ${Math.max(...errors).toFixed(4)}`,
    );
  }
}

/** The pointwise panel of Figure 1, measured under the fitted protocol, beside its prediction. */
async function panelA(): Promise<void> {
  const { study: measured } = await readManifest(MEASURED);
  const { points } = predictStudy({ ...measured, blocks: ['pointwise'] });
  const kept = await readSummary(MEASURED);
  const rows = points.map(({ activation, dimensionRatio, rankRatioPredicted }) => {
    const same = kept.find(
      (row) =>
        row.block === 'pointwise' && row.activation === activation && row.dimensionRatio === dimensionRatio,
    );
    return {
      ...{ activation, dimensionRatio, layers: same?.layers ?? 0, measured: same?.rankRatioMean ?? NaN },
      predicted: rankRatioPredicted,
    };
  });
  await writeTable(`${out}/panel-a.csv`, rows, 5);
  const errors = rows.map((row) => Math.abs(row.predicted - row.measured));
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const near = errors.filter((error) => error <= 0.01).length;
  console.log(
    `panel (a): ${rows.length} points, ${near} within 0.01, mean error ${mean.toFixed(4)}, largest ${Math.max(...errors).toFixed(4)}`,
  );
}

/** A point of reach.csv, measured. */
type Reached = Omit<StackRow, 'tap' | 'predicted'>;

async function reach(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'prediction-'));
  const run = await runStudy(study, { out: join(folder, 'run') });
  await rm(folder, { recursive: true });
  const measured = run.summary.map((row): Reached => {
    const { activation, dimensionRatio, tolerance, layers, rankRatioMean, rankRatioSd } = row;
    const standardError = rankRatioSd / Math.sqrt(layers);
    return { activation, dimensionRatio, tolerance, layers, measured: rankRatioMean, standardError };
  });
  await keepReach(measured, run.manifest.study);
}

/** Writes measured points beside their predictions, and prints the errors. */
async function keepReach(measured: readonly Reached[], of: StudyInput): Promise<void> {
  const { points } = predictStudy(resolveStudy(of));
  const rows = measured.map((row) => {
    const same = points.find(
      (point) =>
        point.activation === row.activation &&
        point.dimensionRatio === row.dimensionRatio &&
        point.tolerance === row.tolerance,
    );
    return { ...row, predicted: same?.rankRatioPredicted ?? NaN };
  });
  await writeTable(`${out}/reach.csv`, rows, 5);

  // What to look at first: the mean and the largest error, of all points and of those at neither 0 nor 1.
  const errors = rows.map((row) => ({ ...row, error: row.predicted - row.measured }));
  const inside = errors.filter(({ measured }) => measured > 0.02 && measured < 0.995);
  for (const [name, some] of Object.entries({ all: errors, 'between 0.02 and 0.995': inside })) {
    const mean = some.reduce((sum, { error }) => sum + Math.abs(error), 0) / some.length;
    const noise = Math.sqrt(some.reduce((sum, row) => sum + row.standardError ** 2, 0) / some.length);
    const far = some.filter(({ error }) => Math.abs(error) > 0.005).length;
    console.log(
      `${name}: ${some.length} points, mean error ${mean.toFixed(5)}, ${far} above 0.005; standard error ${noise.toFixed(5)}`,
    );
  }
  errors.sort((a, b) => Math.abs(b.error) - Math.abs(a.error));
  for (const { activation, dimensionRatio, tolerance, measured, error } of errors.slice(0, 12))
    console.log(`${activation} ${dimensionRatio} ${tolerance}: ${measured.toFixed(4)} ${error.toFixed(4)}`);
}

void main();
