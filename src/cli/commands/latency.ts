import type { CommandModule } from 'yargs';
import { invalid, unknown } from '../../errors.js';
import { type BackendName, backendNames } from '../../layers/backend-names.js';
import { latencyDefaults, resolveLatency } from '../../models/latency-options.js';
import { networkForms } from '../../networks/network-named.js';
import type { Network } from '../../networks/network.js';
import { FIGURE_FORMATS } from '../../plots/render.js';
import { readFormats } from '../options/figure-options.js';
import { readNetwork, settingsOf } from '../options/read-network.js';
import { readWhole } from '../options/read-quantity.js';
import { textOption } from '../options/text-option.js';

export interface LatencyArguments {
  names: string[];
  batch?: string;
  backend?: string;
  runs?: string;
  warmUp?: string;
  resolution?: string;
  out?: string;
  overwrite: boolean;
  formats?: string;
  json: boolean;
  csv: boolean;
}

/** `rankscope latency NAME...`: how long networks take, and published accuracy against it. */
export const latencyCommand: CommandModule<object, LatencyArguments> = {
  command: 'latency <names..>',
  describe: 'Measure how long networks take',
  builder: (yargs) =>
    yargs
      .positional('names', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: `JSON files, or ${networkForms.join(', ')}; W and D are factors, C channels`,
      })
      .options({
        batch: textOption('Images a run', String(latencyDefaults.batch)),
        backend: textOption(`Tensor backend: auto, ${backendNames.join(', ')}`, 'auto'),
        runs: textOption('Timed runs of each network', String(latencyDefaults.runs)),
        'warm-up': textOption('Runs of each network before that', String(latencyDefaults.warmUp)),
        resolution: textOption('Height and width of the images, in pixels', 'as published'),
        out: textOption(
          'Folder for the figure of published accuracy against cost and for latency.json, every run',
          'runs/latency-DATE-TIME; none with --json, --csv',
        ),
        overwrite: {
          type: 'boolean',
          default: false,
          describe: 'Replace the run of latency that --out holds',
        },
        formats: textOption(`Figure files: ${FIGURE_FORMATS.join(', ')}`, 'all'),
        json: { type: 'boolean', default: false, describe: 'Print one JSON object, with every run' },
        csv: { type: 'boolean', default: false, describe: 'Print CSV, one line a network' },
      })
      .example('$0 latency rexnet-1.0 efficientnet-b0', '')
      .example('$0 latency rexnet-1.0 mine.json --batch 8 --backend wasm --runs 50', '') as never,
  handler: async (options) => {
    if (options.json && options.csv) throw invalid('flags', '--json --csv', 'one of --json, --csv');
    const formats = readFormats(options.formats);
    const { backend = 'auto', out } = options;
    if (options.overwrite && out === undefined) throw invalid('flag', '--overwrite', 'only with --out');
    const allowed: readonly string[] = ['auto', ...backendNames];
    if (!allowed.includes(backend)) throw unknown('backend', backend, allowed);
    const numbers = resolveLatency({
      batch: readWhole('batch', options.batch, 'a whole number from 1'),
      runs: readWhole('runs', options.runs, 'a whole number from 1'),
      warmUp: readWhole('warm-up', options.warmUp, 'a whole number from 0'),
    });
    const networks: Network[] = [];
    for (const name of options.names) networks.push(await readNetwork(name, settingsOf(options)));
    const names = networks.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined)
      throw invalid('networks', names.join(', '), `each once; ${twice} is there twice`);
    // only now what takes a while to load: a mistyped flag need not wait for tensors
    const { measureAndPrint } = await import('./latency-run.js');
    const form = options.json ? 'json' : options.csv ? 'csv' : 'table';
    await measureAndPrint({
      ...{ networks, numbers, backend: backend as BackendName | 'auto', form, formats, out },
      overwrite: options.overwrite,
    });
  },
};
