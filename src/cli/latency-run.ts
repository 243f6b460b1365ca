import { join } from 'node:path';
import { toCsv } from '../files/csv.js';
import { writeWhole } from '../files/write-whole.js';
import { type BackendInUse, useBackend } from '../layers/backend.js';
import type { BackendName } from '../layers/backend-names.js';
import type { LatencyNumbers } from '../models/latency-options.js';
import { type Latency, measureLatency } from '../models/measure-latency.js';
import { networkCosts } from '../networks/network-costs.js';
import type { Network } from '../networks/network.js';
import { latencyFigure } from '../plots/latency.js';
import { latencyPoints } from '../plots/latency-points.js';
import { type FigureFormat, writeFigure } from '../plots/render.js';
import { publishedNetwork } from '../published/published-network.js';
import { type LatencyRow, latencyTable } from './latency-table.js';
import { showProgress } from './progress.js';
import { timestamp } from './timestamp.js';

/** What a command line asks for, checked. */
export interface LatencyOrder {
  readonly networks: readonly Network[];
  readonly numbers: LatencyNumbers;
  readonly backend: BackendName | 'auto';
  readonly form: 'table' | 'json' | 'csv';
  readonly formats: readonly FigureFormat[];
  /** The folder of the figure; by default a new one with the table, none with JSON and CSV. */
  readonly out: string | undefined;
}

/** Measures the networks, prints what was measured, and writes it with the figure of those whose accuracy is known. */
export async function latencyRun({
  networks,
  numbers,
  form,
  formats,
  ...order
}: LatencyOrder): Promise<void> {
  const backend = await useBackend(order.backend);
  const progress = showProgress('runs');
  const begin = performance.now();
  const onRun = (done: number, total: number) =>
    progress.update({ done, total, seconds: (performance.now() - begin) / 1000 });
  const latencies = await measureLatency(networks, { ...numbers, onRun }).finally(progress.end);

  const rows = latencies.map(rowOf);
  const json = `${JSON.stringify({ ...numbers, backend, networks: rows })}\n`;
  process.stdout.write(
    form === 'json' ? json : form === 'csv' ? csvOf(rows, backend) : latencyTable(rows, backend.name),
  );
  const out = order.out ?? (form === 'table' ? join('runs', `latency-${timestamp()}`) : undefined);
  if (out === undefined) return;

  await writeWhole(join(out, 'latency.json'), json);
  const points = latencyPoints(latencies, backend.name);
  const paths =
    points.length === 0 ? [] : await writeFigure(latencyFigure(points), join(out, 'latency'), formats);
  const written = [`run      ${out}`, ...paths.map((path) => `figure   ${path}`)];
  if (form === 'table') process.stdout.write(`\n${written.join('\n')}\n`);
  else process.stderr.write(`${written.join('\n')}\n`);
}

function rowOf({ network, ...latency }: Latency): LatencyRow {
  const { name, resolution } = network;
  return {
    ...{ name, resolution, ...networkCosts(network), ...latency },
    published: publishedNetwork(network) ?? null,
  };
}

function csvOf(rows: readonly LatencyRow[], backend: BackendInUse): string {
  const columns = [
    ...['name', 'resolution', 'params', 'macs', 'batch', 'runs', 'backend'],
    ...['median', 'lowerQuartile', 'upperQuartile', 'publishedTop1'],
  ];
  const flat = rows.map(({ samples, published, ...row }) => ({
    ...row,
    runs: samples.length,
    backend: backend.name,
    publishedTop1: published?.top1 ?? null,
  }));
  return toCsv(flat, columns);
}
