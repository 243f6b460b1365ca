import { type Design, designNetwork } from '../../../designs/design-network.js';
import { designShapes } from '../../../designs/design-shapes.js';
import type { NetworkPattern } from '../../../designs/network-like.js';
import { sampleConfigurations } from '../../../designs/sample-configurations.js';
import { invalid, missing } from '../../../errors.js';
import { writeWhole } from '../../../files/write-whole.js';
import { usualNetworks } from '../../../networks/network-named.js';
import { cifarNetwork } from '../../../networks/cifar.js';
import type { Rounding } from '../../../networks/rounding.js';
import { claimFile } from '../../../store/folder/claim-file.js';
import { designText, formatMiss } from '../../text/networks/design-text.js';
import { commandBody } from '../../command.js';
import { choice, flagOf, list, type OptionValues, text, toggle } from '../../options/option.js';
import { readNetwork, settingsOf } from '../../options/read-network.js';
import { readQuantity, readShare, readWhole } from '../../options/read-quantity.js';
import { sampleCsv, sampleText } from '../../text/sample-text.js';

const usualBudget = 'the costs of --like, if neither is given';

const options = {
  blocks: text('Number of blocks', { default: 'those of --like' }),
  params: text('Budget of parameters: 4.8M, 200K, 4800000', { default: usualBudget }),
  macs: text('Budget of multiply-accumulates per image: 400M, 1.5G', { default: usualBudget }),
  shape: choice(`How channels grow along the blocks: ${designShapes.join(', ')}`, designShapes, {
    default: 'linear',
  }),
  knots: list('Blocks on which a piecewise curve bends: 4,10', { default: 'searched' }),
  like: text(
    'Network that gives stem, blocks and head: a name or JSON file as in rankscope network, or cifar',
    {
      default: 'rexnet; with --sample cifar',
      values: [...usualNetworks, 'cifar'],
    },
  ),
  multipleOf: text('Round channels to multiples of this', { default: '1' }),
  minChannels: text('Minimum channels of a block', {
    default: '1; with --sample the fewest of stem and blocks of --like',
  }),
  resolution: text('Height and width of the images, in pixels', { default: 'those of --like' }),
  classes: text('Number of classes', { default: 'those of --like' }),
  within: text('Largest deviation from a budget that is met, as a share of it', {
    default: '1%; with --sample 10%',
  }),
  atMost: toggle('Treat budgets as limits: no budget is exceeded, and meeting one is enough'),
  sample: text('Number of configurations to draw from the piecewise linear family'),
  seed: text('Seed of --sample', { default: '0' }),
  json: toggle('Print JSON: a network for rankscope network FILE.json'),
  csv: toggle('With --sample: print CSV'),
  out: text('Also write a file: .json, with --sample .json or .csv'),
  overwrite: toggle('Replace the design or sample that --out names'),
};

type DesignValues = OptionValues<typeof options>;

/** `rankscope design`: a network for a budget, or a sample of channel configurations for a search. */
export const design = commandBody({
  options,
  examples: [
    ['design --blocks 16 --macs 400M --params 4.8M', ''],
    ['design --like mobilenet-v2 --shape stage --macs 300M', ''],
    ['design --sample 200 --blocks 5 --params 0.2M --macs 30M', ''],
  ],
  run: async (values) => {
    if (values.json && values.csv) throw invalid('flags', '--json --csv', 'one of --json, --csv');
    await (values.sample === undefined ? printDesign(values) : printSample(values.sample, values));
  },
});

async function printDesign(values: DesignValues): Promise<void> {
  refuse(values, ['seed', 'csv'], 'only with --sample');
  await checkOut(values, ['.json'], 'design');
  const shape = values.shape ?? (values.knots === undefined ? 'linear' : 'piecewise');
  const like = await patternOf(values, 'rexnet');
  const design = designNetwork({
    ...shared(values),
    like,
    shape,
    knots: values.knots?.map((block) => readWhole('knots', block)),
    atMost: values.atMost,
  });
  if (!design.met) {
    const asked = [
      ...(design.budget.params === undefined ? [] : [`params ${values.params ?? design.budget.params}`]),
      ...(design.budget.macs === undefined ? [] : [`MACs ${values.macs ?? design.budget.macs}`]),
    ];
    throw new RangeError(
      `infeasible budgets: ${asked.join(', ')} (${formatMiss(design)}; ${remedy(design)})`,
    );
  }
  const json = `${JSON.stringify(described(design), null, 2)}\n`;
  process.stdout.write(
    values.json ? json : designText(design, typeof like === 'function' ? undefined : like),
  );
  await writeOut(values.out, json);
}

async function printSample(sample: string, values: DesignValues): Promise<void> {
  refuse(values, ['shape', 'knots', 'atMost'], 'not with --sample');
  await checkOut(values, ['.json', '.csv'], 'sample');
  const count = readWhole('sample', sample);
  const given = shared(values);
  const { within = 0.1 } = given;
  const seed = readWhole('seed', values.seed) ?? 0;
  if (given.params === undefined && given.macs === undefined)
    throw missing('budget', 'none', 'give --params, --macs');
  const like = await patternOf(values, 'cifar');
  const blocks = given.blocks ?? (typeof like === 'function' ? NaN : like.blocks.length);
  const configurations = sampleConfigurations({ ...given, count, blocks, seed, like });
  const name = typeof like === 'function' ? 'cifar' : like.name;
  const about = { like: name, blocks, params: given.params, macs: given.macs, within, seed };
  const json = `${JSON.stringify({ ...about, configurations }, null, 2)}\n`;
  const csv = sampleCsv(configurations);
  process.stdout.write(values.json ? json : values.csv ? csv : sampleText(configurations));
  await writeOut(values.out, values.out?.endsWith('.csv') ? csv : json);
}

/** Returns the options that both forms of the command share. */
function shared(values: DesignValues) {
  const multiple = readWhole('multiple-of', values.multipleOf);
  if (multiple === 0) throw invalid('multiple-of', 0, 'a whole number from 1');
  return {
    blocks: readWhole('blocks', values.blocks),
    params: readQuantity('params', values.params),
    macs: readQuantity('macs', values.macs),
    within: readShare('within', values.within),
    minChannels: readWhole('min-channels', values.minChannels),
    rounding: multiple === undefined || multiple === 1 ? undefined : (`multiple-of-${multiple}` as Rounding),
  };
}

async function patternOf(values: DesignValues, usual: string): Promise<NetworkPattern> {
  const name = values.like ?? usual;
  const settings = settingsOf(values);
  if (name !== 'cifar') return readNetwork(name, settings);
  if (values.blocks === undefined)
    throw missing('blocks', 'none', 'give --blocks, since --like cifar allows any number');
  return settings.resolution === undefined && settings.classes === undefined
    ? cifarNetwork
    : (channels) => cifarNetwork(channels, settings);
}

/** Returns the network, in a form that `rankscope network` reads, with its costs and design. */
function described({ network, costs, shape, curve, ...design }: Design): object {
  const { a, b } = curve;
  const { budget, deviations, binds, channels } = design;
  return {
    ...network,
    ...costs,
    design: { shape, a, b, knots: curve.shape.knots, channels, budget, deviations, binds },
  };
}

function remedy({ budget, deviations, binds }: Design): string {
  const tooMuch = (deviations.params ?? 0) > 0.5 || (deviations.macs ?? 0) > 0.5;
  if (tooMuch && binds.length === 0) return 'no network of this kind is so small';
  const two = budget.params !== undefined && budget.macs !== undefined;
  return two ? 'change a budget, --shape or --blocks, or see --at-most' : 'change the budget or --within';
}

function refuse(values: DesignValues, keys: readonly (keyof DesignValues)[], allowed: string): void {
  for (const key of keys) {
    if (values[key] === undefined || values[key] === false) continue;
    throw invalid('flag', `--${flagOf(key)}`, allowed);
  }
}

async function checkOut(
  { out, overwrite = false }: DesignValues,
  endings: readonly string[],
  thing: 'design' | 'sample',
): Promise<void> {
  if (out === undefined) {
    if (overwrite) throw invalid('flag', '--overwrite', 'only with --out');
    return;
  }
  if (!endings.some((ending) => out.endsWith(ending))) {
    throw invalid('out', out, `a file name that ends in ${endings.join(' or ')}`);
  }
  const isOwn = (text: string) =>
    out.endsWith('.csv')
      ? text.startsWith(sampleCsv([]))
      : hasKey(text, thing === 'design' ? 'design' : 'configurations');
  await claimFile(out, { thing, overwrite, isOwn });
}

function hasKey(text: string, key: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  } catch {
    return false;
  }
}

async function writeOut(out: string | undefined, content: string): Promise<void> {
  if (out === undefined) return;
  await writeWhole(out, content);
  process.stderr.write(`written  ${out}\n`);
}
