import type { Latency } from '../../../models/measure-latency.js';
import type { Costs } from '../../../networks/network-costs.js';
import type { Table5Network } from '../../../published/table-5.js';
import { aligned } from '../aligned.js';

/** One network of the table. */
export interface LatencyRow extends Costs, Omit<Latency, 'network'> {
  readonly name: string;
  readonly resolution: number;
  /** The published row of the network, if any. */
  readonly published: Table5Network | null;
}

/** Returns latencies as text, one line per network in the given order, at most 80 columns wide. */
export function latencyTable(rows: readonly LatencyRow[], backend: string): string {
  const [{ batch, samples } = { batch: 1, samples: [] }] = rows;
  const columns = batch === 1 ? usual : [...usual, perImage];
  const numbers = [
    columns.map(({ heading }) => heading),
    ...rows.map((row) => columns.map(({ text }) => text(row))),
  ];
  const taken = 2 + aligned(numbers, 0)[0]!.length;
  const names = ['network', ...rows.map(({ name }) => clipped(name, 80 - taken))];
  const lines = aligned(names.map((name, i) => [name, ...numbers[i]!]));
  const size = batch === 1 ? 'one image' : `${batch} images`;
  const measured = samples.length === 1 ? 'one run' : `median of ${samples.length} runs`;
  const notes = [
    `ms: ${measured} of ${size}, ${backend} backend, networks in turn`,
    ...(samples.length > 1 ? ['quartiles: a quarter of the runs is faster, a quarter slower'] : []),
    ...(rows.some(({ published }) => published)
      ? ['top-1: ImageNet accuracy in percent, as published in the ReXNet paper, Table 5']
      : []),
  ];
  return `${[...lines, '', ...notes].join('\n')}\n`;
}

interface LatencyColumn {
  readonly heading: string;
  readonly text: (row: LatencyRow) => string;
}

const usual: readonly LatencyColumn[] = [
  { heading: 'pixels', text: ({ resolution }) => String(resolution) },
  { heading: 'top-1', text: ({ published }) => published?.top1.toFixed(1) ?? '-' },
  { heading: 'MACs (M)', text: ({ macs }) => (macs / 1e6).toFixed(macs < 1e8 ? 1 : 0) },
  { heading: 'ms', text: ({ median }) => milliseconds(median) },
  {
    heading: 'quartiles',
    text: ({ lowerQuartile, upperQuartile }) =>
      `${milliseconds(lowerQuartile)} to ${milliseconds(upperQuartile)}`,
  },
];

const perImage: LatencyColumn = {
  heading: 'ms/image',
  text: ({ median, batch }) => milliseconds(median / batch),
};

function clipped(name: string, max: number): string {
  return name.length <= max ? name : `${name.slice(0, max - 3)}...`;
}

/** Three significant digits, or all digits before the decimal point. */
function milliseconds(value: number): string {
  return value.toFixed(Math.max(0, 2 - Math.max(0, Math.floor(Math.log10(Math.max(value, 1e-9))))));
}
