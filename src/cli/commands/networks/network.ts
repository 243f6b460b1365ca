import { SETTLED_POSITIONS } from '../../../depth/image-demand.js';
import { invalid } from '../../../errors.js';
import { toCsv } from '../../../files/csv.js';
import { type NetworkReport, networkReport } from '../../../networks/network-report.js';
import { tapNames } from '../../../layers/blocks.js';
import { networkTable } from '../../text/networks/network-table.js';
import { commandBody } from '../../command.js';
import { figureFlags } from '../../options/figure-options.js';
import { choices, flagOf, type OptionValues, text, toggle } from '../../options/option.js';
import { networkOperand, readNetwork, settingsOf } from '../../options/read-network.js';
import { toleranceOption } from '../../options/tolerance-option.js';

const group = 'With --rank:';

/** The options that belong to `--rank`. */
const rankOptions = {
  inputs: text(
    'Images: a .png, .jpg, .jpeg or .webp file, a folder of such files (links are followed), or a folder or file of CIFAR-10 or CIFAR-100 (.bin)',
    {
      group,
      default: 'random images, standard normal',
    },
  ),
  images: text('Number of images', {
    group,
    default: `${SETTLED_POSITIONS} positions per channel at every tap`,
  }),
  batch: text('Images run at once; changes no result beyond rounding', {
    group,
    default: 'up to 64 MB of features',
  }),
  seed: text('Seed of random weights, random images and the choice of images', { group, default: '0' }),
  tolerance: toleranceOption('. numpy grows with the number of positions, which fall with depth', {
    group,
    default: 'relative:0.001',
  }),
  taps: choices(`Where in a block: ${tapNames.join(', ')}; stem and head count as output`, tapNames, {
    group,
    default: 'all',
  }),
  weights: text('A .safetensors with the names of the ReXNet authors, or a folder that saveNetwork wrote', {
    group,
    default: 'random, with normalizations calibrated on the first images',
  }),
  weightsPrefix: text(
    'Prefix of the names to read, if --weights has several copies, as model. or ema.module.',
    { group, default: 'the one that all names share' },
  ),
  skipBroken: toggle('Replace broken images by others', { group }),
  out: text('Also write rows.csv, the figure depth and run.json into this folder', { group }),
  overwrite: toggle('Replace the run of network --rank in --out', { group }),
  ...figureFlags('Figure:'),
};

const options = {
  resolution: text('Height and width of the images, in pixels', { default: 'as published' }),
  classes: text('Number of classes', { default: 'as published' }),
  byBlock: toggle('One line per block, without its layers'),
  elementwise: toggle(
    'Also count normalization, activations, pooling, scaling and additions: one operation per element',
  ),
  json: toggle('Print one JSON object'),
  csv: toggle('Print CSV, one line per layer'),
  description: toggle('Print the network itself as JSON; an edited file is a network too'),
  rank: toggle('Run images through the network and measure the rank at every tap of every block'),
  ...rankOptions,
};

export type NetworkValues = OptionValues<typeof options>;

/**
 * `rankscope network NAME`: prints a network's layers with their sizes and costs, as a table, JSON or CSV. With
 * `--rank` it measures the ranks of one or more networks along their depth.
 */
export const network = commandBody({
  operand: { ...networkOperand, describe: `${networkOperand.describe}. Several only with --rank` },
  options,
  examples: [
    ['network rexnet-1.0', ''],
    ['network cifar:34-34-45-55-66 --json', ''],
    ['network mobilenet-v2-0.75 --resolution 192 --by-block', ''],
    ['network mobilenet-v2-1.0 rexnet-1.0 --rank --inputs photos', ''],
  ],
  run: async (values, names) => {
    const forms = (['json', 'csv', 'description'] as const).filter((form) => values[form]);
    if (forms.length > 1) {
      const given = forms.map((form) => `--${form}`).join(' ');
      throw invalid('flags', given, 'one of --json, --csv, --description');
    }
    if (values.rank) {
      const { rankNetworks } = await import('./network-rank.js');
      return rankNetworks(values, names);
    }
    const given = (Object.keys(rankOptions) as (keyof typeof rankOptions)[]).find((name) => values[name]);
    if (given !== undefined) throw invalid('flag', `--${flagOf(given)}`, 'only with --rank');
    const [name, ...others] = names;
    if (others.length > 0) throw invalid('networks', names.join(', '), 'one; several only with --rank');
    const network = await readNetwork(name, settingsOf(values));
    process.stdout.write(
      values.description ? `${JSON.stringify(network, null, 2)}\n` : printed(networkReport(network), values),
    );
  },
});

function printed(report: NetworkReport, values: NetworkValues): string {
  const { byBlock = false, elementwise = false } = values;
  if (values.json) return `${JSON.stringify(report)}\n`;
  if (!values.csv) return networkTable(report, { byBlock, elementwise });
  return toCsv(
    byBlock
      ? report.blocks.map(({ outputShape, ...block }) => ({ ...block, outputShape: outputShape.join('x') }))
      : report.layers.map((layer) => ({ ...layer, outputShape: layer.outputShape.join('x') })),
    byBlock ? blockColumns : layerColumns,
  );
}

const costColumns = ['params', 'paramsShare', 'macs', 'macsShare', 'elementwise'];
const sizeColumns = ['outputShape', 'channelsIn', 'channelsOut'];
const blockColumns = [
  'block',
  'kind',
  ...sizeColumns,
  'stride',
  'dimensionRatio',
  'expansion',
  ...costColumns,
];
const layerColumns = [
  ...['name', 'kind', 'block', ...sizeColumns, 'groups', 'kernel', 'stride'],
  ...['activation', 'dimensionRatio', 'expansion', ...costColumns],
];
