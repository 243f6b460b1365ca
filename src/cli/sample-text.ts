import type { SampledConfiguration } from '../designs/sample-configurations.js';
import { toCsv } from '../files/csv.js';

/** Returns sampled configurations as a table for people, and how they spread. */
export function sampleText(sample: readonly SampledConfiguration[]): string {
  const rows = sample.map(({ channels, params, macs, evenness }) => [
    channels.join('-'),
    params.toLocaleString('en-US'),
    macs.toLocaleString('en-US'),
    evenness.toFixed(3),
  ]);
  const cells = [['channels', 'params', 'MACs', 'evenness'], ...rows];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...cells.map((line) => line[i]!.length)));
  const counts = Array<number>(10).fill(0);
  for (const { evenness } of sample) counts[Math.min(9, Math.floor(10 * evenness))]!++;
  return [
    ...cells.map((line) =>
      line.map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))),
    ),
    [],
    [`${sample.length} configurations; in each tenth of evenness, from stage-wise to linear:`],
    [counts.join(' ')],
  ]
    .map((line) => `${line.join('  ').trimEnd()}\n`)
    .join('');
}

/** Returns them as CSV, one line a configuration. */
export function sampleCsv(sample: readonly SampledConfiguration[]): string {
  return toCsv(
    sample.map(({ channels, params, macs, evenness }) => ({
      channels: channels.join('-'),
      params,
      macs,
      evenness,
    })),
  );
}
