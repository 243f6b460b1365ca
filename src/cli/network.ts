import type { CommandModule } from 'yargs';
import { invalid } from '../errors.js';
import { toCsv } from '../files/csv.js';
import { networkForms } from '../networks/network-named.js';
import { type NetworkReport, networkReport } from '../networks/network-report.js';
import { networkTable } from './network-table.js';
import { readNetwork, settingsOf } from './read-network.js';

export interface NetworkArguments {
  name: string;
  resolution?: string;
  classes?: string;
  byBlock: boolean;
  elementwise: boolean;
  json: boolean;
  csv: boolean;
  description: boolean;
}

/** `rankscope network NAME`: a network's layers with their sizes and costs, as a table, JSON or CSV. */
export const networkCommand: CommandModule<object, NetworkArguments> = {
  command: 'network <name>',
  describe: 'Print the layers of a network with their sizes, parameters and MACs',
  builder: (yargs) =>
    yargs
      .positional('name', {
        type: 'string',
        demandOption: true,
        describe: `A JSON file, or ${networkForms.join(', ')}; W and D are factors, C channels`,
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
      .example('$0 network rexnet-1.0', '')
      .example('$0 network cifar:34-34-45-55-66 --json', '')
      .example('$0 network mobilenet-v2-0.75 --resolution 192 --by-block', '') as never,
  handler: async (options) => {
    const forms = (['json', 'csv', 'description'] as const).filter((form) => options[form]);
    if (forms.length > 1) {
      throw invalid(
        'flags',
        forms.map((form) => `--${form}`).join(' '),
        'one of --json, --csv, --description',
      );
    }
    const network = await readNetwork(options.name, settingsOf(options));
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
