/**
 * Trains one network from several seeds by the same recipe, here and in PyTorch. It prints the test accuracies with
 * their means and standard errors. PyTorch gets the same bytes of the images and draws everything random itself.
 *
 *   DATA=cifar-10-batches-bin OMP_NUM_THREADS=1 taskset -c 0 npx tsx bench/training/accuracy.bench.ts \
 *     [NETWORK [RESOLUTION [EPOCHS [SEEDS [ours|torch]]]]]
 *
 * PyTorch is looked for in `python3`, or in what the variable PYTHON names.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  networkLayers,
  networkNamed,
  readTrainingData,
  resolveRecipe,
  trainNetwork,
  withSettings,
} from '../../src/networks.js';
import { startTorch } from './torch.js';

const given = process.argv.slice(2);
const [name = 'cifar:34-34-45-55-66', pixels = '16', epochs = '5', seeds = '5', only = ''] = given;
const resolution = Number(pixels);

interface TestRow {
  readonly testAccuracy: number;
  readonly testLoss: number;
}

async function compareAccuracies() {
  const data = await readTrainingData(process.env['DATA'] ?? 'cifar-10-batches-bin', { resolution });
  const network = withSettings(networkNamed(name), { resolution, classes: data.classes.length });
  const folder = mkdtempSync(join(tmpdir(), 'accuracy-'));
  for (const part of ['train', 'test'] as const) {
    writeFileSync(join(folder, `${part}.pixels`), data[part].pixels);
    writeFileSync(join(folder, `${part}.labels`), data[part].labels);
  }
  const torch = startTorch<TestRow[]>(process.env['PYTHON'] ?? 'python3', 'torch_accuracy.py');
  const request = { layers: networkLayers(network), folder, resolution, channels: network.inputChannels };
  const trainers: Record<string, (seed: number) => Promise<TestRow | undefined>> = {
    ours: async (seed) => (await trainNetwork(network, data, { epochs: Number(epochs), seed })).rows.at(-1),
    torch: async (seed) =>
      (await torch.ask({ ...request, recipe: resolveRecipe({ epochs: Number(epochs), seed }) }))?.at(-1),
  };
  for (const trainer of Object.keys(trainers).filter((one) => one.includes(only))) {
    const rows: TestRow[] = [];
    for (let seed = 0; seed < Number(seeds); seed++) {
      const row = await trainers[trainer]!(seed);
      if (!row) break;
      rows.push(row);
      console.log(
        `${trainer}, seed ${seed}: accuracy ${percent(row.testAccuracy)}, loss ${row.testLoss.toFixed(4)}`,
      );
    }
    const { mean, error } = meanAndError(rows.map(({ testAccuracy }) => testAccuracy));
    console.log(`${trainer}, mean of ${rows.length}: ${percent(mean)} +- ${percent(error)} (standard error)`);
  }
  torch.end();
  rmSync(folder, { recursive: true });
}

const percent = (share: number) => `${(100 * share).toFixed(2)}%`;

function meanAndError(values: readonly number[]) {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

void compareAccuracies();
