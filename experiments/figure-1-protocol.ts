/**
 * Which undisclosed choices make Figure 1 of "Rethinking Channel Dimensions for Efficient Model Design" (Han et al.,
 * CVPR 2021)? A search over protocols, by how far their curves are from the printed ones.
 *
 *     npx tsx experiments/figure-1-protocol.ts search [MINUTES] [SEED]     (or npx ts-node; several at once help each other)
 *     npx tsx experiments/figure-1-protocol.ts compare [COUNT]             (the best ones on the panels they did not see)
 *     PANELS=all npx tsx experiments/figure-1-protocol.ts sensitivity      (changes the best one, one choice at a time)
 *
 * `search` keeps every trial in runs/figure-1-protocol/trials-of-two/SEED.jsonl, or below --out FOLDER, and goes on from
 * what is there and in figures/figure-1-protocol. It
 * first tries what a program of 2020 would most likely have done (`candidates`), then changes of the best trials. A
 * trial sees panels (a) and (c) alone; where PANELS=all is set in the environment it sees all four, and is kept in
 * trials-of-all. `compare` measures all panels for the best COUNT trials of each normalization (compared.jsonl).
 * `sensitivity` writes figures/figure-1-protocol/sensitivity.svg, .png and its data; with two panels to runs/.
 *
 * The range of d_out costs nothing to search: a trial measures layers at twelve widths, and the mean over any range is
 * then a weighted mean over the widths. All trials draw the same random streams, so their differences are sharper
 * than their values.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  blocks,
  createStream,
  fillUniform,
  measureStudy,
  resolveLayerProtocol,
  tf,
  type LayerProtocol,
  type Stream,
} from 'rankscope';
import { writeFigure } from 'rankscope/figures';
import { figure1Points } from 'rankscope/paper';
import { experimentArguments } from './experiment-arguments';
import { sensitivityFigure, type SensitivityRow } from './sensitivity-figure';

const KEPT = 'figures/figure-1-protocol';
const WIDTHS = [4, 6, 9, 13, 20, 30, 45, 68, 100, 150, 220, 320];
const PANELS = ['pointwise', 'conv3x3', 'inverted-conv3x3', 'inverted-depthwise'] as const;
/**
 * The error of each block that counts as 1. It is the aim of the search: a skill of 0.8 in (a) and (b) and of 0.5 in
 * (c) and (d).
 */
const AIM = { pointwise: 0.012, conv3x3: 0.0105, 'inverted-conv3x3': 0.0207, 'inverted-depthwise': 0.018 };
/** A trial whose panel (a) is farther off than this is not measured in the others. */
const HOPELESS = 0.03;
const ALL = process.env.PANELS === 'all';
const FITTED: readonly Block[] = ALL ? PANELS : ['pointwise', 'inverted-conv3x3'];
const { words, out } = experimentArguments({
  name: 'figure-1-protocol',
  isFull: ([command]) => command === 'sensitivity' && ALL,
});
const TRIALS = ALL ? 'trials-of-all' : 'trials-of-two';
const ACTIVATIONS = ['relu', 'leakyRelu', 'elu', 'softplus', 'hardSwish', 'silu'];
const RATIOS = [0.1, 0.2, 0.4, 0.8];

type Block = (typeof PANELS)[number];
/** What a trial chooses. In an inverted bottleneck features are taken at `tap`; a single convolution has its output alone. */
type Choices = Partial<Omit<LayerProtocol, 'channels' | 'channelDistribution' | 'padding'>> & {
  readonly tap?: 'project' | 'output';
  readonly tolerance?: string;
  /** LeakyReLU's, below zero. */
  readonly slope?: number;
};
interface Trial {
  readonly choices: Choices;
  readonly channels: string;
  readonly channelDistribution: LayerProtocol['channelDistribution'];
  /** Root mean square over the readable points of those measured, by panel; of the fitted panels, if not of all. */
  readonly errors: Readonly<Partial<Record<Block, number>>>;
  /** The same for each activation alone; trials of the first searches have none. */
  readonly byActivation?: Readonly<Partial<Record<Block, Readonly<Record<string, number>>>>> | undefined;
  readonly objective: number;
}

/** What programs of the time do. */
const candidates: readonly Choices[] = [
  { weights: 'pytorch', bias: 'pytorch', inputs: 'uniform', normalization: 'inference' },
  { weights: 'pytorch', bias: 'pytorch', inputs: 'normal', normalization: 'batch' },
  { weights: 'pytorch', bias: 'pytorch', inputs: 'uniform', normalizationScale: 'uniform' },
  { weights: 'kaiming-normal', bias: 'none', inputs: 'uniform', normalization: 'inference' },
  { weights: 'kaiming-normal:fan-out', bias: 'none', inputs: 'uniform', normalization: 'inference' },
  { weights: 'kaiming-normal:fan-out', bias: 'normal', inputs: 'uniform', normalization: 'inference' },
  { weights: 'kaiming-normal:fan-out', bias: 'none', inputs: 'uniform', normalizationScale: 'uniform' },
  { weights: 'normal', bias: 'none', inputs: 'uniform', normalization: 'inference' },
  { weights: 'normal', bias: 'none', inputs: 'normal', normalization: 'inference' },
  { weights: 'uniform', bias: 'normal', inputs: 'uniform', normalization: 'inference' },
  { weights: 'xavier-uniform', bias: 'none', inputs: 'uniform', normalization: 'deviation' },
  { weights: 'pytorch', bias: 'pytorch', inputs: 'uniform', normalization: 'running:0.1' },
  { weights: 'normal', bias: 'none', inputs: 'uniform', normalization: 'running:0.1' },
  { weights: 'normal', bias: 'none', inputs: 'normal', normalization: 'running:0.1' },
];

/** What came closest to (a) alone, in a quick search over all choices. */
const onPointwise: readonly Choices[] = [
  {
    weights: 'normal:3.36/outputs',
    bias: 'normal:0.133',
    inputs: 'half-normal:0.663',
    normalization: 'deviation',
    ...{ normalizationScale: 'one', samples: '2x', slope: 0.2, tolerance: 'relative:1e-5' },
  },
  { samples: 'd_out+10', tolerance: 'relative:1e-5' },
  {
    weights: 'normal:5.44/inputs',
    bias: 'pytorch',
    inputs: 'half-normal:2.22',
    normalization: 'inference',
    ...{ normalizationShift: 'uniform:0.644', samples: 'd_out+1', tolerance: 'relative:1e-5' },
  },
];

/** Random shifts, with plain batch statistics: another reason for channels that are not centred. */
const shifted: readonly Choices[] = [
  ...['normal:0.5', 'normal:1', 'uniform:1'].flatMap((normalizationShift) =>
    (['one', 'uniform'] as const).map((normalizationScale): Choices => ({
      weights: 'kaiming-normal',
      bias: 'none',
      inputs: 'normal',
      normalization: 'batch',
      ...{ normalizationScale, normalizationShift, samples: '1.2x' },
    })),
  ),
];

/** What came closest in trials by hand, which looked at all panels, and in the search on two. */
const byHand: readonly Choices[] = [
  ...['deviation', 'inference', 'running:0.1'].flatMap((normalization) =>
    ['none', 'pytorch'].map((bias): Choices => ({
      weights: 'uniform',
      bias,
      inputs: 'uniform:25',
      normalization: normalization as LayerProtocol['normalization'],
      normalizationScale: 'one',
      samples: 'd_out+1',
    })),
  ),
  {
    weights: 'uniform:5/outputs',
    bias: 'none',
    inputs: 'uniform:1.57',
    normalization: 'inference',
    normalizationScale: 'one',
    samples: 'd_out+1',
  },
  {
    weights: 'normal:2/outputs',
    bias: 'normal:0.37',
    inputs: 'uniform:1.6',
    normalization: 'deviation',
    normalizationScale: 'uniform',
    samples: '1.5x',
    expansion: 2.5,
  },
  {
    weights: 'normal:4/outputs',
    bias: 'none',
    inputs: 'uniform',
    normalization: 'inference',
    samples: 'd_out+1',
    expansion: '0:6',
  },
  {
    weights: 'kaiming-normal:fan-out',
    bias: 'pytorch',
    inputs: 'uniform:1.4',
    normalization: 'deviation',
    normalizationScale: 'uniform',
    samples: '1.2x',
    expansion: '0:5.5',
  },
];

/** The alternatives of each choice; `{}` in a notation stands for a number that is drawn, or changed a little. */
const alternatives: { readonly [K in keyof Choices]-?: readonly (Choices[K] | `${string}{}${string}`)[] } = {
  weights: [
    'normal:{}',
    'uniform:{}',
    'normal:{}/fan-in',
    'normal:{}/fan-out',
    'normal:{}/inputs',
    'normal:{}/outputs',
    'uniform:{}/outputs',
    'kaiming-normal:fan-in',
    'kaiming-normal:fan-out',
    'pytorch',
  ],
  bias: ['none', 'pytorch', 'normal:{}', 'uniform:{}'],
  inputs: ['uniform:{}', 'half-normal:{}', 'normal:{}'],
  normalization: ['inference', 'deviation', 'batch', 'running:0.1', 'running:{}'],
  normalizationScale: ['one', 'uniform'],
  normalizationShift: ['none', 'none', 'normal:{}', 'uniform:{}'],
  slope: [0.01, 0.01, 0.1, 0.2, 0.3],
  samples: ['d_out+1', 'd_out+10', '1.1x', '1.2x', '1.5x', '2x', '3x'],
  expansion: [2, 2.5, 3, 4, 6, '0:4', '0:5', '0:5.5', '0:6', '1:4', '1:6'],
  shortcut: [true, true, true, false],
  spatial: [1, 1, 1, 2, 3, 4],
  tap: ['output', 'output', 'project'],
  tolerance: ['numpy', 'numpy', 'relative:1e-6', 'relative:1e-5', 'relative:1e-4', 'relative:1e-3'],
};

async function search(minutes: number, seed: number): Promise<void> {
  const stream = createStream(seed, 'figure-1-protocol');
  const until = Date.now() + 60_000 * minutes;
  const tried = new Set(readTrials().map(({ choices }) => keyOf(choices)));
  const first =
    seed === 1
      ? [...candidates, ...shifted, ...(ALL ? byHand : [])]
      : seed === 3
        ? shifted
        : seed === 4
          ? onPointwise
          : [];
  const waiting = first.filter((choices) => !tried.has(keyOf(choices)));
  while (Date.now() < until) {
    const best = readTrials().slice(0, 16);
    // the better ones more often: the smaller of two random places
    const parent = best[Math.floor(best.length * unit(stream) * unit(stream))];
    const choices =
      waiting.shift() ??
      change(parent?.choices ?? candidates[Math.floor(candidates.length * unit(stream))]!, stream);
    if (!isProtocol(choices) || tried.has(keyOf(choices))) continue;
    tried.add(keyOf(choices));
    const trial = await tryOut(choices);
    if (!trial) continue;
    appendFileSync(join(out, TRIALS, `${seed}.jsonl`), `${JSON.stringify(trial)}\n`);
    if (trial.objective < (best[0]?.objective ?? Infinity)) console.log(describe(trial));
  }
  const [winner] = readTrials();
  if (winner) console.log(`best: ${describe(winner)}`);
}

/** Returns the trials of all searches, the best on the fitted panels first. */
function readTrials(): Trial[] {
  const folders = [...new Set([KEPT, out])].map((folder) => join(folder, TRIALS)).filter(existsSync);
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^\d+\.jsonl$/.test(name))
      .map((name) => join(folder, name)),
  );
  const lines = files.flatMap((path) => readFileSync(path, 'utf8').split('\n'));
  const trials = lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as Trial);
  const sorted = trials
    .map((trial) => ({ ...trial, objective: objectiveOf(trial.errors) }))
    .sort((a, b) => a.objective - b.objective);
  return [...new Map(sorted.toReversed().map((trial) => [keyOf(trial.choices), trial])).values()].reverse();
}

/** A changed number may have left what is allowed. */
function isProtocol(choices: Choices): boolean {
  try {
    keyOf(choices);
    return true;
  } catch {
    return false;
  }
}

/** The same for choices that differ in the order they were made, or in what is the default anyway. */
function keyOf(choices: Choices): string {
  const { tap = 'output', tolerance = 'numpy', slope = 0.01, ...layer } = choices;
  return JSON.stringify([resolveLayerProtocol(layer), tap, tolerance, slope]);
}

/** Measures a protocol and finds its best range; undefined where it is hopeless, or cannot be measured. */
async function tryOut(choices: Choices, hopeless = HOPELESS): Promise<Trial | undefined> {
  try {
    const curves = new Map<string, number[]>();
    await measureCurves(choices, 'pointwise', curves);
    if (bestRange(curves, ['pointwise']).objective * AIM.pointwise > hopeless) return undefined;
    for (const block of FITTED.slice(1)) await measureCurves(choices, block, curves);
    return { choices, ...bestRange(curves, FITTED) };
  } catch (error) {
    console.error(`${JSON.stringify(choices)}: ${(error as Error).message}`);
    return undefined;
  }
}

/** Adds a panel's curves: for each activation and ratio the mean rank ratio at each of the widths. */
async function measureCurves(choices: Choices, block: Block, curves: Map<string, number[]>): Promise<void> {
  const isBottleneck = blocks[block].convolutions.length > 1;
  const expansions = isBottleneck ? strata(choices.expansion) : [choices.expansion];
  for (const [i, width] of WIDTHS.entries()) {
    const enough = width < 15 ? 8 : width < 50 ? 4 : 2;
    const layers = Math.ceil(enough / expansions.length);
    for (const expansion of expansions) {
      const { tap = 'output', tolerance = 'numpy', slope = 0.01, ...layer } = choices;
      const protocol = { ...layer, expansion, channels: `${width}:${width}`, tolerances: [tolerance] };
      // another seed at each width: else a layer's streams would be the same ones at all of them
      const taps = [isBottleneck ? tap : 'output'] as const;
      const study = {
        blocks: [block],
        activations: ACTIVATIONS.map((name) => (name === 'leakyRelu' && slope !== 0.01 ? 'leaky' : name)),
        ratios: RATIOS,
        layers,
        taps,
        protocol,
        seed: i,
      };
      const leaky = (x: tf.Tensor) => tf.leakyRelu(x, slope);
      for await (const rows of measureStudy(study, { workers: 0, activations: { leaky } })) {
        for (const { activation, dimensionRatio, ranks, channels } of rows) {
          const key = `${block} ${activation.replace(/^leaky$/, 'leakyRelu')} ${dimensionRatio}`;
          const curve = curves.get(key) ?? WIDTHS.map(() => 0);
          curve[i]! += ranks[0]!.rank / channels / layers / expansions.length;
          curves.set(key, curve);
        }
      }
    }
  }
}

/**
 * Splits a random expansion ratio into the middles of eight equally likely parts of its range. This gives far less
 * noise for few layers.
 */
function strata(expansion: Choices['expansion']): Choices['expansion'][] {
  const [low, high] = String(expansion).split(':').map(Number);
  if (high === undefined) return [expansion];
  return Array.from({ length: 8 }, (_, i) => low! + ((high - low!) * (i + 0.5)) / 8);
}

const ranges = [4, 6, 10, 16, 24, 32, 48, 64].flatMap((low) =>
  [128, 200, 256, 320, 400, 512, 640, 800].map((high) => [low, high] as const),
);

function bestRange(curves: ReadonlyMap<string, number[]>, panels: readonly Block[]): Omit<Trial, 'choices'> {
  const found = ranges.flatMap(([low, high]) =>
    (['uniform', 'log-uniform'] as const).map((channelDistribution) => {
      const weights = weightsOf(low, high, channelDistribution);
      const errors = Object.fromEntries(
        panels.map((block) => [block, errorOf(curves, block, weights)]),
      ) as Trial['errors'];
      const objective = objectiveOf(errors, panels);
      const byActivation = Object.fromEntries(
        panels.map((block) => [
          block,
          Object.fromEntries(
            ACTIVATIONS.map((name) => [name, rounded(errorOf(curves, block, weights, name))]),
          ),
        ]),
      ) as Trial['byActivation'];
      return { channels: `${low}:${high}`, channelDistribution, errors, byActivation, objective };
    }),
  );
  return found.reduce((a, b) => (b.objective < a.objective ? b : a));
}

/**
 * Returns the weight of each width in the mean over a range. Values are interpolated in log d_out; beyond the widest,
 * the last one counts.
 */
function weightsOf(low: number, high: number, distribution: string): number[] {
  const weights = WIDTHS.map(() => 0);
  let total = 0;
  for (let width = low; width <= high; width++) {
    const amount = distribution === 'uniform' ? 1 : 1 / width;
    const right = WIDTHS.findIndex((w) => w >= width);
    total += amount;
    if (right <= 0) weights[right < 0 ? WIDTHS.length - 1 : 0]! += amount;
    else {
      const [from, to] = [Math.log(WIDTHS[right - 1]!), Math.log(WIDTHS[right]!)];
      const share = (Math.log(width) - from) / (to - from);
      weights[right - 1]! += amount * (1 - share);
      weights[right]! += amount * share;
    }
  }
  return weights.map((weight) => weight / total);
}

const printed = figure1Points();

const rounded = (error: number) => Number(error.toFixed(4));

function errorOf(
  curves: ReadonlyMap<string, number[]>,
  block: Block,
  weights: readonly number[],
  only?: string,
): number {
  const squares = printed.flatMap(({ activation, dimensionRatio, rankRatio, ...point }) => {
    if (only !== undefined && activation !== only) return [];
    const curve = curves.get(`${block} ${activation} ${dimensionRatio}`);
    if (point.block !== block || !curve) return [];
    return [(curve.reduce((sum, value, i) => sum + value * weights[i]!, 0) - rankRatio) ** 2];
  });
  return squares.length === 0 ? NaN : Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
}

function objectiveOf(errors: Trial['errors'], panels: readonly Block[] = FITTED): number {
  const squares = panels.map((block) => ((errors[block] ?? Infinity) / AIM[block]) ** 2);
  return Math.sqrt(squares.reduce((a, b) => a + b, 0) / panels.length);
}

/** Returns the choices with one to three of them changed: another alternative, or another number in the same one. */
function change(choices: Choices, stream: Stream): Choices {
  const changed: Record<string, unknown> = { ...choices };
  const names = Object.keys(alternatives) as (keyof Choices)[];
  for (let times = 1 + Math.floor(3 * unit(stream) ** 2); times > 0; times--) {
    const name = names[Math.floor(names.length * unit(stream))]!;
    const number = name === 'expansion' ? null : /(?<=:)[\d.]+/.exec(String(changed[name]));
    if (number && unit(stream) < 0.75) {
      const nearby = Number(number[0]) * Math.exp(1.2 * (unit(stream) - 0.5));
      changed[name] = String(changed[name]).replace(number[0], nearby.toPrecision(3));
    } else {
      const options = alternatives[name] as readonly unknown[];
      const option = options[Math.floor(options.length * unit(stream))];
      const drawn = () => Math.exp(Math.log(0.2) + Math.log(25) * unit(stream)).toPrecision(3);
      changed[name] = typeof option === 'string' ? option.replace('{}', drawn) : option;
    }
  }
  return changed as Choices;
}

const unit = (stream: Stream) => {
  const out = new Float64Array(1);
  return fillUniform(stream, out)[0]!;
};

function describe({ choices, channels, channelDistribution, errors, objective }: Trial): string {
  const words = Object.entries(choices).map(([name, value]) => `${name} ${value}`);
  const panels = PANELS.map((block) => errors[block]?.toFixed(3) ?? '-').join(' ');
  return `${objective.toFixed(2)}  (a-d) ${panels}  d_out ${channels} ${channelDistribution}; ${words.join('; ')}`;
}

/** Measures all panels under the best protocols of a search, some of each normalization, and keeps what it finds. */
async function compare(count: number): Promise<void> {
  const file = join(out, TRIALS, 'compared.jsonl');
  writeFileSync(file, '');
  const normalizationOf = ({ choices: { normalization } }: Trial) =>
    resolveLayerProtocol({ normalization }).normalization.split(':')[0];
  const trials = readTrials();
  const best = [...new Set(trials.map(normalizationOf))].flatMap((name) =>
    trials.filter((trial) => normalizationOf(trial) === name).slice(0, count),
  );
  for (const trial of best) {
    const curves = new Map<string, number[]>();
    for (const block of PANELS) await measureCurves(trial.choices, block, curves);
    const weights = weightsOfTrial(trial);
    const errors = Object.fromEntries(PANELS.map((block) => [block, errorOf(curves, block, weights)]));
    const compared: Trial = { ...trial, errors };
    appendFileSync(file, `${JSON.stringify(compared)}\n`);
    console.log(describe(compared));
  }
}

function weightsOfTrial({ channels, channelDistribution }: Pick<Trial, 'channels' | 'channelDistribution'>) {
  const [low, high] = channels.split(':').map(Number);
  return weightsOf(low!, high!, channelDistribution);
}

/** Changes the best protocol, one choice at a time, and draws how the error moves in each panel. */
async function sensitivity(): Promise<void> {
  const best = readTrials()[0]!;
  const rows: SensitivityRow[] = [];
  const add = (choice: string, value: string, found: boolean, errors: (block: Block) => number) => {
    for (const [i, block] of PANELS.entries())
      rows.push({ choice, value, panel: `(${'abcd'[i]}) ${block}`, error: errors(block), found });
  };
  const measured = async (choices: Choices) => {
    const curves = new Map<string, number[]>();
    for (const block of PANELS) await measureCurves(choices, block, curves);
    return curves;
  };
  const own = await measured(best.choices);
  for (const channels of new Set([best.channels, '4:128', '4:512', '10:512', '64:256', '64:800']))
    for (const channelDistribution of ['uniform', 'log-uniform'] as const) {
      const at = weightsOfTrial({ channels, channelDistribution });
      const found = channels === best.channels && channelDistribution === best.channelDistribution;
      add('range of d_out', `${channels} ${channelDistribution}`, found, (block) => errorOf(own, block, at));
    }
  const at = weightsOfTrial(best);
  const { tap = 'output', tolerance = 'numpy', slope = 0.01, ...layer } = best.choices;
  const found: Record<string, unknown> = { ...resolveLayerProtocol(layer), tap, tolerance, slope };
  for (const [choice, values] of Object.entries(variations)) {
    add(choice, String(found[choice]), true, (b) => errorOf(own, b, at));
    for (const value of values) {
      if (value === found[choice]) continue;
      const curves = await measured({ ...best.choices, [choice]: value });
      add(choice, String(value), false, (block) => errorOf(curves, block, at));
      console.log(choice, value);
    }
  }
  const figure = sensitivityFigure(rows);
  for (const path of await writeFigure(figure, join(out, 'sensitivity'), ['svg', 'png'], { data: 'beside' }))
    console.log(path);
}

const variations: { readonly [K in keyof Choices]?: readonly Choices[K][] } = {
  weights: ['pytorch', 'kaiming-normal:fan-in', 'kaiming-normal:fan-out', 'normal', 'uniform'],
  bias: ['none', 'pytorch', 'normal'],
  inputs: ['uniform', 'normal', 'half-normal'],
  normalization: ['inference', 'deviation', 'batch'],
  normalizationScale: ['one', 'uniform'],
  normalizationShift: ['none', 'normal:0.5', 'normal', 'uniform'],
  slope: [0.01, 0.1, 0.3],
  samples: ['d_out+1', '1.2x', '2x', '3x'],
  expansion: [2, 3, 6, '0:5', '0:6', '1:6'],
  shortcut: [false],
  spatial: [2, 4],
  tap: ['project'],
  tolerance: ['relative:1e-6', 'relative:1e-5', 'relative:1e-4', 'relative:1e-3'],
};

async function main([command, first, second]: readonly string[]): Promise<void> {
  mkdirSync(join(out, TRIALS), { recursive: true });
  if (command === 'search') await search(Number(first ?? 20), Number(second ?? 1));
  else if (command === 'compare') await compare(Number(first ?? 10));
  else if (command === 'sensitivity') await sensitivity();
  else console.error('usage: figure-1-protocol.ts search [MINUTES] [SEED] | compare [COUNT] | sensitivity');
}

void main(words);
