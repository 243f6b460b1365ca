import type { CommandModule } from 'yargs';
import { type Design, designNetwork } from '../../designs/design-network.js';
import { type DesignShape, designShapes } from '../../designs/design-shapes.js';
import type { NetworkPattern } from '../../designs/network-like.js';
import { sampleConfigurations } from '../../designs/sample-configurations.js';
import { invalid, missing, unknown } from '../../errors.js';
import { writeWhole } from '../../files/write-whole.js';
import { cifarNetwork } from '../../networks/cifar.js';
import type { Rounding } from '../../networks/rounding.js';
import { claimFile } from '../../store/claim-file.js';
import { designText, missWords } from '../text/design-text.js';
import { readNetwork, settingsOf } from '../options/read-network.js';
import { readQuantity, readShare, readWhole } from '../options/read-quantity.js';
import { sampleCsv, sampleText } from '../text/sample-text.js';

export interface DesignArguments {
  blocks?: string;
  params?: string;
  macs?: string;
  shape?: string;
  knots?: string;
  like?: string;
  multipleOf?: string;
  least?: string;
  resolution?: string;
  classes?: string;
  within?: string;
  atMost: boolean;
  sample?: string;
  seed?: string;
  json: boolean;
  csv: boolean;
  out?: string;
  overwrite: boolean;
}

const text = (describe: string, defaultDescription?: string) =>
  ({ type: 'string', requiresArg: true, describe, defaultDescription }) as const;

const usualBudget = 'of --like, where neither is given';

/** `rankscope design`: a network for a budget, or a sample of channel configurations for a search. */
export const designCommand: CommandModule<object, DesignArguments> = {
  command: 'design',
  describe: 'Find the channels of a network that meet a budget of parameters and MACs',
  builder: (yargs) =>
    yargs
      .options({
        blocks: text('Number of blocks', 'those of --like'),
        params: text('Budget of parameters: 4.8M, 200K, 4800000', usualBudget),
        macs: text('Budget of multiply-accumulates an image: 400M, 1.5G', usualBudget),
        shape: text(`How channels grow along the blocks: ${designShapes.join(', ')}`, 'linear'),
        knots: text('Blocks on which a piecewise curve bends: 4,10', 'searched'),
        like: text(
          'What stem, blocks and head are like: a network or JSON file as of rankscope network, or cifar',
          'rexnet; with --sample cifar',
        ),
        'multiple-of': text('Round channels to multiples of this', '1'),
        least: text('The fewest channels of a block', '1; with --sample those of the stem'),
        resolution: text('Height and width of the images, in pixels', 'as of --like'),
        classes: text('Number of classes', 'as of --like'),
        within: text('The share of a budget within which it is met', '1%; with --sample 10%'),
        'at-most': {
          type: 'boolean',
          default: false,
          describe: 'Budgets are limits: exceed none, and be content to meet one of the two',
        },
        sample: text('Draw this many configurations of the piecewise linear family'),
        seed: text('Of --sample', '0'),
        json: {
          type: 'boolean',
          default: false,
          describe: 'Print JSON: a network for rankscope network FILE.json',
        },
        csv: { type: 'boolean', default: false, describe: 'With --sample: print CSV' },
        out: text('Also write a file: .json, with --sample .json or .csv'),
        overwrite: {
          type: 'boolean',
          default: false,
          describe: 'Replace the design or sample that --out names',
        },
      })
      .example('$0 design --blocks 16 --macs 400M --params 4.8M', '')
      .example('$0 design --like mobilenet-v2 --shape stage --multiple-of 8 --macs 300M', '')
      .example('$0 design --sample 200 --blocks 5 --params 0.2M --macs 30M', '') as never,
  handler: async (options) => {
    if (options.json && options.csv) throw invalid('flags', '--json --csv', 'one of --json, --csv');
    await (options.sample === undefined ? printDesign(options) : printSample(options));
  },
};

async function printDesign(options: DesignArguments): Promise<void> {
  refuse(options, ['seed', 'csv'], 'only with --sample');
  await checkOut(options, ['.json'], 'design');
  const shape = options.shape ?? (options.knots === undefined ? 'linear' : 'piecewise');
  if (!designShapes.includes(shape as DesignShape)) throw unknown('shape', shape, designShapes);
  const like = await patternOf(options, 'rexnet');
  const design = designNetwork({
    ...shared(options),
    like,
    shape: shape as DesignShape,
    knots: options.knots?.split(',').map((block) => readWhole('knots', block)!),
    atMost: options.atMost,
  });
  if (!design.met) {
    const asked = [
      ...(design.budget.params === undefined ? [] : [`params ${options.params ?? design.budget.params}`]),
      ...(design.budget.macs === undefined ? [] : [`MACs ${options.macs ?? design.budget.macs}`]),
    ];
    throw new RangeError(`infeasible budgets: ${asked.join(', ')} (${missWords(design)}; ${remedy(design)})`);
  }
  const json = `${JSON.stringify(described(design), null, 2)}\n`;
  process.stdout.write(
    options.json ? json : designText(design, typeof like === 'function' ? undefined : like),
  );
  await writeOut(options.out, json);
}

async function printSample(options: DesignArguments): Promise<void> {
  refuse(options, ['shape', 'knots', 'atMost'], 'not with --sample');
  await checkOut(options, ['.json', '.csv'], 'sample');
  const count = readWhole('sample', options.sample)!;
  const given = shared(options);
  const { within = 0.1 } = given;
  const seed = readWhole('seed', options.seed) ?? 0;
  if (given.params === undefined && given.macs === undefined)
    throw missing('budget', 'none', 'give --params, --macs');
  const like = await patternOf(options, 'cifar');
  const blocks = given.blocks ?? (typeof like === 'function' ? NaN : like.blocks.length);
  const configurations = sampleConfigurations({ ...given, count, blocks, seed, like });
  const name = typeof like === 'function' ? 'cifar' : like.name;
  const about = { like: name, blocks, params: given.params, macs: given.macs, within, seed };
  const json = `${JSON.stringify({ ...about, configurations }, null, 2)}\n`;
  const csv = sampleCsv(configurations);
  process.stdout.write(options.json ? json : options.csv ? csv : sampleText(configurations));
  await writeOut(options.out, options.out?.endsWith('.csv') ? csv : json);
}

/** What both forms of the command take. */
function shared(options: DesignArguments) {
  const multiple = readWhole('multiple-of', options.multipleOf);
  if (multiple === 0) throw invalid('multiple-of', 0, 'a whole number from 1');
  return {
    blocks: readWhole('blocks', options.blocks),
    params: readQuantity('params', options.params),
    macs: readQuantity('macs', options.macs),
    within: readShare('within', options.within),
    least: readWhole('least', options.least),
    rounding: multiple === undefined || multiple === 1 ? undefined : (`multiple-of-${multiple}` as Rounding),
  };
}

async function patternOf(options: DesignArguments, usual: string): Promise<NetworkPattern> {
  const name = options.like ?? usual;
  const settings = settingsOf(options);
  if (name !== 'cifar') return readNetwork(name, settings);
  if (options.blocks === undefined)
    throw missing('blocks', 'none', 'give --blocks, as --like cifar has any number');
  return settings.resolution === undefined && settings.classes === undefined
    ? cifarNetwork
    : (channels) => cifarNetwork(channels, settings);
}

/** The network, which `rankscope network` reads again, with its costs and how it was designed. */
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

function refuse(options: DesignArguments, keys: readonly (keyof DesignArguments)[], allowed: string): void {
  for (const key of keys) {
    if (options[key] === undefined || options[key] === false) continue;
    throw invalid('flag', `--${key === 'atMost' ? 'at-most' : key}`, allowed);
  }
}

async function checkOut(
  { out, overwrite }: DesignArguments,
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
