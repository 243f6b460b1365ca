import { invalid } from '../../../errors.js';
import { backendNames } from '../../../layers/backend-names.js';
import { latencyDefaults, resolveLatency } from '../../../models/latency-options.js';
import type { Network } from '../../../networks/network.js';
import { figureFlags, readFigureFlags } from '../../options/figure-options.js';
import { commandBody } from '../../command.js';
import { choice, text, toggle } from '../../options/option.js';
import { networkOperand, readNetwork, settingsOf } from '../../options/read-network.js';
import { readWhole } from '../../options/read-quantity.js';

/** Accuracy and cost have no rank ratio. */
const { ratioRange: _, ...sizeFlags } = figureFlags('Figure:');

/** `rankscope latency NAME...`: measures the time of networks and draws published accuracy against it. */
export const latency = commandBody({
  operand: networkOperand,
  options: {
    batch: text('Images per run', { default: String(latencyDefaults.batch) }),
    backend: choice(`Tensor backend: auto, ${backendNames.join(', ')}`, ['auto', ...backendNames], {
      default: 'auto',
    }),
    runs: text('Timed runs of each network', { default: String(latencyDefaults.runs) }),
    warmUp: text('Untimed runs of each network before the timed ones', {
      default: String(latencyDefaults.warmUp),
    }),
    resolution: text('Height and width of the images, in pixels', { default: 'as published' }),
    out: text(
      'Folder for the figure of published accuracy against cost, and for latency.json with every run',
      {
        default: 'runs/latency-DATE-TIME; none with --json, --csv',
      },
    ),
    overwrite: toggle('Replace the run of latency in --out'),
    ...sizeFlags,
    json: toggle('Print one JSON object, with every run'),
    csv: toggle('Print CSV, one line per network'),
  },
  examples: [
    ['latency rexnet-1.0 efficientnet-b0', ''],
    ['latency rexnet-1.0 mine.json --batch 8 --backend wasm --runs 50', ''],
  ],
  run: async (options, given) => {
    if (options.json && options.csv) throw invalid('flags', '--json --csv', 'one of --json, --csv');
    const drawing = readFigureFlags(options);
    const { backend = 'auto', out } = options;
    if (options.overwrite && out === undefined) throw invalid('flag', '--overwrite', 'only with --out');
    const numbers = resolveLatency({
      batch: readWhole('batch', options.batch, 'a whole number from 1'),
      runs: readWhole('runs', options.runs, 'a whole number from 1'),
      warmUp: readWhole('warm-up', options.warmUp, 'a whole number from 0'),
    });
    const networks: Network[] = [];
    for (const name of given)
      networks.push(await readNetwork(name, settingsOf({ resolution: options.resolution })));
    const names = networks.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined)
      throw invalid('networks', names.join(', '), `each once; ${twice} is given twice`);
    // slow modules are loaded only now, so that a mistyped flag fails at once
    const { measureAndPrint } = await import('./latency-run.js');
    const form = options.json ? 'json' : options.csv ? 'csv' : 'table';
    await measureAndPrint({
      ...{ networks, numbers, backend, form, drawing, out },
      overwrite: options.overwrite === true,
    });
  },
});
