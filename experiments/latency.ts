/**
 * Does a network that needs fewer multiply-accumulates take less time? All networks of the paper's Table 5, ReXNet
 * against EfficientNet, timed on the WebAssembly backend, which has one thread; their accuracies are those published.
 *
 *     npx tsx experiments/latency.ts [--runs 10] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/latency: the figure `latency` with its data, and latency.json, every run. A minute, two gigabytes.
 */
import { writeFile } from 'node:fs/promises';
import { useBackend, writeTable } from 'rankscope';
import { latencyPoints } from 'rankscope/figures';
import { measureLatency, networkNamed } from 'rankscope/networks';
import { table5Networks } from 'rankscope/paper';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { sizes, out } = experimentArguments({ name: 'latency', full: { runs: 10 } });

async function main(): Promise<void> {
  const printed = table5Networks();
  const { name: backend, version } = await useBackend('wasm');
  const latencies = await measureLatency(
    printed.map(({ name }) => networkNamed(name)),
    { runs: sizes.runs },
  );
  const record = latencies.map(({ network, batch, samples }) => ({
    name: network.name,
    resolution: network.resolution,
    batch,
    samples: samples.map((sample) => Number(sample.toFixed(2))),
  }));
  await writeTable(`${out}/latency.csv`, latencyPoints(latencies, backend), 5);
  const lines = record.map((one) => `    ${JSON.stringify(one)}`).join(',\n');
  await writeFile(
    `${out}/latency.json`,
    `{\n  "backend": ${JSON.stringify({ name: backend, version })},\n  "networks": [\n${lines}\n  ]\n}\n`,
  );
  for (const path of await drawFolder('latency', out)) console.log(path);

  // What to look at first: how much longer than ReXNet x1.0 does each take, here and on the paper's processor?
  const base = printed.findIndex(({ name }) => name === 'rexnet-1.0');
  console.log('\nlatency / that of ReXNet x1.0   measured  published');
  for (const [i, { label, cpuMs }] of printed.entries()) {
    const measured = (latencies[i]!.median / latencies[base]!.median).toFixed(2);
    console.log(
      `${label.padEnd(32)}${measured.padStart(8)}${(cpuMs / printed[base]!.cpuMs).toFixed(2).padStart(11)}`,
    );
  }
}

void main();
