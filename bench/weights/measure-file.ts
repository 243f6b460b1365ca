/**
 * Measures the layers of a model file and prints the costs as JSON. They are the seconds of processor time since the
 * program had started, the most memory it held and the number of layers. A process of its own, so that memory is that
 * of one file.
 *
 *   npx tsx bench/weights/measure-file.ts FILE [--layers PATTERN] [--baseline NAME] [--out RUN] [--stop-after N]
 */
import { parseArgs } from 'node:util';
import { openModel } from '../../src/formats/open-model.js';
import { weightsRun } from '../../src/runs/weights-run.js';
import { executeRun } from '../../src/store/execute-run.js';
import { measureWeights, resolveWeightOptions } from '../../src/weights/measure-weights.js';
import { selectLayers } from '../../src/weights/select-layers.js';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    layers: { type: 'string' },
    baseline: { type: 'string', default: 'permuted' },
    out: { type: 'string' },
    'stop-after': { type: 'string' },
  },
});

void main();

async function main(): Promise<void> {
  const [path] = positionals as [string];
  const options = { baseline: flags.baseline as 'permuted' | 'none' };
  const stop = new AbortController();
  const times: { name: string; seconds: number }[] = [];
  const [begin, start] = [process.cpuUsage(), performance.now()];
  const model = await openModel(path);
  let last = process.cpuUsage().user;
  const onProgress = ({ done }: { done: number }) => {
    const { user } = process.cpuUsage();
    times.push({ name: names[done - 1] ?? '', seconds: (user - last) / 1e6 });
    last = user;
    if (times.length === Number(flags['stop-after'])) stop.abort();
  };
  const { layers } = selectLayers(model, flags.layers);
  const names = layers.map(({ name, rows, columns }) => `${name} ${rows} x ${columns}`);
  if (flags.out === undefined) await measureWeights(model, { ...options, layers: flags.layers, onProgress });
  else {
    const { tolerances: _, ...settings } = resolveWeightOptions(options);
    const spec = {
      ...{ format: model.format, layers: layers.map(({ name }) => name) },
      ...{ tolerances: ['numpy', 'relative:0.01', 'energy:0.99'], ...settings },
    };
    const context = { layers, path, pattern: flags.layers, workers: 0 };
    const run = { out: flags.out, resume: true, signal: stop.signal, onProgress, partSeconds: 0, context };
    await executeRun(weightsRun, spec, run);
  }
  const { user, system } = process.cpuUsage(begin);
  model.close();
  const answer = {
    seconds: (user + system) / 1e6,
    wall: (performance.now() - start) / 1000,
    megabytes: process.resourceUsage().maxRSS / 1024,
    layers: times,
  };
  console.log(JSON.stringify(answer));
}
