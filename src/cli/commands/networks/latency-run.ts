import { join } from 'node:path';
import { firstOf } from '../../../lookups.js';
import { toCsv } from '../../../files/csv.js';
import { type BackendInUse, useBackend } from '../../../layers/backend.js';
import type { BackendName } from '../../../layers/backend-names.js';
import type { LatencyNumbers } from '../../../models/latency-options.js';
import { type Latency, measureLatency } from '../../../models/measure-latency.js';
import { networkCosts } from '../../../networks/network-costs.js';
import type { Network } from '../../../networks/network.js';
import { latencyFigure } from '../../../plots/figures/latency.js';
import { latencyPoints } from '../../../report/latency-points.js';
import { writeFigure } from '../../../plots/render/render.js';
import { publishedNetwork } from '../../../published/published-network.js';
import { latencyRun } from '../../../runs/latency-run.js';
import type { FigureRequest } from '../../options/figure-options.js';
import { keepRun } from '../../../store/keep-run.js';
import { type LatencyRow, latencyTable } from '../../text/networks/latency-table.js';
import { newRunFolder } from '../new-run-folder.js';
import { showProgress } from '../../text/progress.js';
import { DRAWING_HANDLES, requireFileHandles } from '../../../files/require-file-handles.js';
import { stopOnSignal, type Stop } from '../stop-on-signal.js';

/** The checked request of a command line. */
export interface LatencyOrder {
  readonly networks: readonly Network[];
  readonly numbers: LatencyNumbers;
  readonly backend: BackendName | 'auto';
  readonly form: 'table' | 'json' | 'csv';
  /** The files, words, size and colours of the figure. */
  readonly drawing: FigureRequest;
  /** The folder of the figure. By default the table gets a new folder; JSON and CSV get no folder. */
  readonly out: string | undefined;
  /** Replace a run of latencies in the folder. */
  readonly overwrite: boolean;
}

/**
 * Measures the networks, prints and writes the latencies, and draws the figure of networks with a published accuracy.
 */
export async function measureAndPrint(order: LatencyOrder): Promise<void> {
  const { networks, numbers, form, drawing } = order;
  const out = order.out ?? (form === 'table' ? newRunFolder('latency') : undefined);
  const place = out === undefined ? undefined : { folder: out, overwrite: order.overwrite };
  if (out !== undefined) requireFileHandles(DRAWING_HANDLES);
  await keepRun(latencyRun, place, async (begin) => {
    const backend = await useBackend(order.backend);
    const stop = stopOnSignal('the finished rounds are kept');
    const latencies = await measure(order, stop);
    process.exitCode = stop.exitCode;
    const state = stop.exitCode === undefined ? 'complete' : 'stopped';
    if (latencies.length === 0) return state;

    const rows = latencies.map(rowOf);
    const json = `${JSON.stringify({ ...numbers, runs: firstOf(rows).samples.length, backend, networks: rows })}\n`;
    process.stdout.write(
      form === 'json' ? json : form === 'csv' ? csvOf(rows, backend) : latencyTable(rows, backend.name),
    );
    if (out === undefined) return state;

    const asked = networks.map(({ name, resolution }) => ({ name, resolution }));
    const write = await begin({
      spec: { networks: asked, ...numbers, backend },
      count: { done: latencies.length, total: networks.length },
      backend,
    });
    await write('latency.json', json);
    const points = latencyPoints(latencies, backend.name);
    const paths =
      points.length === 0
        ? []
        : await writeFigure(latencyFigure(points, drawing.figure), join(out, 'latency'), drawing.formats);
    const written = [`run      ${out}`, ...paths.map((path) => `figure   ${path}`)];
    if (form === 'table') process.stdout.write(`\n${written.join('\n')}\n`);
    else process.stderr.write(`${written.join('\n')}\n`);
    return state;
  });
}

async function measure({ networks, numbers }: LatencyOrder, stop: Stop): Promise<Latency[]> {
  const progress = showProgress('runs');
  const begin = performance.now();
  const onRun = (done: number, total: number) =>
    progress.update({ done, total, seconds: (performance.now() - begin) / 1000 });
  try {
    return await measureLatency(networks, { ...numbers, onRun, signal: stop.signal });
  } finally {
    progress.end();
    stop.release();
  }
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
