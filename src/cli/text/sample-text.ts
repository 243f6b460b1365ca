import type { SampledConfiguration } from '../../designs/sample-configurations.js';
import { toCsv } from '../../files/csv.js';
import { aligned } from './aligned.js';

/** Returns sampled configurations as a text table, with their spread. */
export function sampleText(sample: readonly SampledConfiguration[]): string {
  const rows = sample.map(({ channels, params, macs, evenness }) => [
    channels.join('-'),
    params.toLocaleString('en-US'),
    macs.toLocaleString('en-US'),
    evenness.toFixed(3),
  ]);
  const counts = Array<number>(10).fill(0);
  for (const { evenness } of sample) counts[Math.min(9, Math.floor(10 * evenness))]!++;
  return [
    ...aligned([['channels', 'params', 'MACs', 'evenness'], ...rows]),
    '',
    `${sample.length} configurations; in each tenth of evenness, from stage-wise to linear:`,
    counts.join(' '),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** Returns sampled configurations as CSV, one line per configuration. */
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
