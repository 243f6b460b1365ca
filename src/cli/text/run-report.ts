import { figure1Errors } from '../../published/figure-1-errors.js';
import type { Manifest } from '../../runs/study-run.js';
import type { Run } from '../../runs/run-study.js';
import { engineNote } from './engine-note.js';
import { errorLines } from './error-lines.js';
import { duration } from './progress.js';
import { summaryTable, toleranceLine } from './summary-table.js';

/**
 * Returns the report of a run: the table of means, its origin and the paths of its files. If the published figure is
 * drawn over it, the deviation from it follows the table.
 */
export function runReport(
  { folder, manifest, summary }: Run,
  figures: readonly string[],
  overlay: boolean,
): string {
  const { layers, times, state } = manifest;
  const lines = [
    summaryTable(summary),
    `mean rank ratio (rank / channels) by dimension ratio, ${layersPerPoint(manifest, summary)}`,
    ...toleranceLine(summary),
    '',
    ...(overlay ? errorLines(figure1Errors(summary)) : []),
    ...[engineNote(manifest.engine) ?? []].flat(),
    onLines(
      `${state}: ${layers.done} of ${layers.total} layers in ${duration(times.seconds)}`,
      `(${how(manifest)})`,
    ),
    `run      ${folder}`,
    ...figures.map((path) => `figure   ${path}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Returns both texts on one line of 80 columns if they fit, or else on two lines. */
function onLines(first: string, second: string): string {
  return first.length + 1 + second.length <= 80 ? `${first} ${second}` : `${first}\n${second}`;
}

/** Returns the number of layers per mean; for a stopped run, the number of finished layers. */
function layersPerPoint({ study, shard }: Manifest, summary: Run['summary']): string {
  if (shard !== null) return `part ${shard} of ${study.layers} per point`;
  const counts = summary.map((row) => row.layers);
  const [min, max] = [Math.min(...counts), Math.max(...counts)];
  const words = min < max ? `${min} to ${max}` : `${counts.length > 0 ? max : 0}`;
  return `${words} ${words === '1' ? 'layer' : 'layers'} per point`;
}

function how({ from, merged, workers, backend, engine, times }: Manifest): string {
  if (from) return `counted from the spectra of ${from}`;
  const means = `${backend?.name} backend, ${engine} engine`;
  if (merged) return `merged from ${merged.length} run${merged.length === 1 ? '' : 's'}, ${means}`;
  const resumed =
    times.resumed > 0 ? `, resumed ${times.resumed === 1 ? 'once' : `${times.resumed} times`}` : '';
  return `${workers} worker${workers === 1 ? '' : 's'}, ${means}${resumed}`;
}
