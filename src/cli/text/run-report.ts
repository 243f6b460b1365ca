import { figure1Errors } from '../../published/figure-1-errors.js';
import type { Manifest } from '../../runs/study-run.js';
import type { Run } from '../../runs/run-study.js';
import { engineNote } from './engine-note.js';
import { errorLines } from './error-lines.js';
import { duration } from './progress.js';
import { summaryTable } from './summary-table.js';

/**
 * Returns what a command says about a run: the table of means, how far it is from the published figure if that is
 * laid over it, how it was made, where everything is.
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

/** On one line of 80 columns where they fit, else on two. */
function onLines(first: string, second: string): string {
  return first.length + 1 + second.length <= 80 ? `${first} ${second}` : `${first}\n${second}`;
}

/** Returns the number of layers per mean; of a stopped run, of those it finished. */
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
