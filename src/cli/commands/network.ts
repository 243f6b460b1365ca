import { SETTLED_POSITIONS } from '../../depth/image-demand.js';
import type { CommandModule } from 'yargs';
import { invalid } from '../../errors.js';
import { toCsv } from '../../files/csv.js';
import { networkForms } from '../../networks/network-named.js';
import { type NetworkReport, networkReport } from '../../networks/network-report.js';
import { tapNames } from '../../layers/blocks.js';
import { toleranceForms } from '../../rank/tolerance.js';
import type { NetworkRankArguments } from './network-rank.js';
import { networkTable } from '../text/network-table.js';
import { readNetwork, settingsOf } from '../options/read-network.js';
import { textOption } from '../options/text-option.js';

export interface NetworkArguments extends NetworkRankArguments {
  name: string[];
  resolution?: string;
  classes?: string;
  byBlock: boolean;
  elementwise: boolean;
  json: boolean;
  csv: boolean;
  description: boolean;
  rank: boolean;
}

const rankFlags = [
  ...['inputs', 'images', 'batch', 'seed', 'tolerance', 'taps'],
  ...['weights', 'weights-prefix', 'skip-broken', 'out', 'overwrite', 'formats'],
];

/**
 * `rankscope network NAME`: a network's layers with their sizes and costs, as a table, JSON or CSV; with `--rank` the ranks
 * of one or more networks along their depth.
 */
export const networkCommand: CommandModule<object, NetworkArguments> = {
  command: 'network <name..>',
  describe: 'Print the layers of a network with their sizes, parameters and MACs, or their ranks',
  builder: (yargs) =>
    yargs
      .positional('name', {
        type: 'string',
        demandOption: true,
        describe: `A JSON file, or ${networkForms.join(', ')}; W and D are factors, C channels. Several with --rank`,
      })
      .option('resolution', {
        type: 'string',
        requiresArg: true,
        describe: 'Height and width of the images, in pixels',
        defaultDescription: 'as published',
      })
      .option('classes', {
        type: 'string',
        requiresArg: true,
        describe: 'Number of classes',
        defaultDescription: 'as published',
      })
      .option('by-block', {
        type: 'boolean',
        default: false,
        describe: 'One line a block, without its layers',
      })
      .option('elementwise', {
        type: 'boolean',
        default: false,
        describe:
          'Also count normalization, nonlinearities, pooling, scaling and additions: one operation an element',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON object' })
      .option('csv', { type: 'boolean', default: false, describe: 'Print CSV, one line a layer' })
      .option('description', {
        type: 'boolean',
        default: false,
        describe: 'Print the network itself as JSON, to change and to give as a file',
      })
      .option('rank', {
        type: 'boolean',
        default: false,
        describe: 'Run images through the network and measure the rank at every tap of every block',
      })
      .options({
        inputs: textOption(
          'Images: a .png, .jpg, .jpeg or .webp, a folder with such (links are followed), or a folder or file of CIFAR-10 or CIFAR-100 (.bin)',
          'random images, standard normal',
        ),
        images: textOption('Number of images', `${SETTLED_POSITIONS} positions a channel at every tap`),
        batch: textOption('Images run at once; changes no result beyond rounding', 'up to 64 MB of features'),
        seed: textOption('Of random weights, random images, and of which images are chosen', '0'),
        tolerance: textOption(
          `Which singular values count as zero; may be repeated: ${toleranceForms.join(', ')}. numpy grows with the number of positions, which fall with depth`,
          'relative:0.001',
        ),
        taps: textOption(`Where in a block: ${tapNames.join(',')}; stem and head count as output`, 'all'),
        weights: textOption(
          'A .safetensors with the names of the ReXNet authors, or a folder that saveNetwork wrote',
          'random, normalizations settled on the first images',
        ),
        'weights-prefix': textOption(
          'Before the names of the copy to read, where --weights has several, as model. and ema.module.',
          'the one that all names share',
        ),
        'skip-broken': {
          type: 'boolean',
          default: false,
          describe: 'Take other images in place of broken ones',
        },
        out: textOption('Also write rows.csv, the figure depth and run.json into this folder'),
        overwrite: {
          type: 'boolean',
          default: false,
          describe: 'Replace the run of network --rank that --out holds',
        },
        formats: textOption('Of the figure, joined by commas: svg, png, pdf, html', 'all'),
      })
      .group(rankFlags, 'With --rank:')
      .example('$0 network rexnet-1.0', '')
      .example('$0 network cifar:34-34-45-55-66 --json', '')
      .example('$0 network mobilenet-v2-0.75 --resolution 192 --by-block', '')
      .example('$0 network mobilenet-v2-1.0 rexnet-1.0 --rank --inputs photos --out depth', '') as never,
  handler: async (options) => {
    const forms = (['json', 'csv', 'description'] as const).filter((form) => options[form]);
    if (forms.length > 1) {
      throw invalid(
        'flags',
        forms.map((form) => `--${form}`).join(' '),
        'one of --json, --csv, --description',
      );
    }
    if (options.rank) {
      const { rankNetworks } = await import('./network-rank.js');
      return rankNetworks(options);
    }
    const given = rankFlags.find((flag) => (options as Record<string, unknown>)[flag]);
    if (given !== undefined) throw invalid('flag', `--${given}`, 'only with --rank');
    if (options.name.length > 1) {
      throw invalid('networks', options.name.join(', '), 'one; several only with --rank');
    }
    const network = await readNetwork(options.name[0]!, settingsOf(options));
    process.stdout.write(
      options.description
        ? `${JSON.stringify(network, null, 2)}\n`
        : printed(networkReport(network), options),
    );
  },
};

function printed(report: NetworkReport, options: NetworkArguments): string {
  if (options.json) return `${JSON.stringify(report)}\n`;
  if (!options.csv) return networkTable(report, options);
  return toCsv(
    options.byBlock
      ? report.blocks.map(({ outputShape, ...block }) => ({ ...block, outputShape: outputShape.join('x') }))
      : report.layers.map((layer) => ({ ...layer, outputShape: layer.outputShape.join('x') })),
    options.byBlock ? blockColumns : layerColumns,
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
