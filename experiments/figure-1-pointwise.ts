/**
 * How well can panel (a) of the paper's Figure 1 be fitted at all? And does a protocol chosen without an activation
 * know that activation? This is a random search over all choices, random shifts and LeakyReLU's slope among them. It
 * measures pointwise layers only, a second per trial.
 *
 *     npx tsx experiments/figure-1-pointwise.ts search [MINUTES] [SEED]     (or npx ts-node)
 *     npx tsx experiments/figure-1-pointwise.ts                             (what the kept trials say)
 *
 * `search` adds its trials to runs/figure-1-pointwise/trials.jsonl. Those that docs/figure-1.md tells of are kept in
 * figures/figure-1-protocol/trials-of-pointwise.jsonl. The skill is that of `figure1Errors`, on four ratios.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createStream, fillUniform, measureStudy, tf, type LayerProtocol } from 'rankscope';
import { figure1Points } from 'rankscope/paper';

const KEPT = 'figures/figure-1-protocol/trials-of-pointwise.jsonl';
const OWN = 'runs/figure-1-pointwise/trials.jsonl';
const ACTIVATIONS = ['relu', 'leakyRelu', 'elu', 'softplus', 'hardSwish', 'silu'];
const RATIOS = [0.1, 0.2, 0.4, 0.8];
/** Output channels, and how many layers of each; the mean over a range of d_out is interpolated between them. */
const WIDTHS: readonly (readonly [width: number, layers: number])[] = [
  [6, 8], [10, 8], [16, 6], [28, 4], [50, 3], [90, 2], [160, 2], [320, 1],
]; // prettier-ignore

/** What a trial chooses; the rest is as in the preset `fitted`. */
type Choices = Partial<LayerProtocol> & { readonly tolerance?: string; readonly slope?: number };
interface Trial {
  readonly choices: Choices;
  readonly range: string;
  readonly skill: number;
  /** Root mean square error of each activation. */
  readonly byActivation: Readonly<Record<string, number>>;
}

const printed = figure1Points().filter(
  ({ block, activation, dimensionRatio }) =>
    block === 'pointwise' && ACTIVATIONS.includes(activation) && RATIOS.includes(dimensionRatio),
);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const meanAt = (ratio: number) => {
  const same = printed.filter(({ dimensionRatio }) => dimensionRatio === ratio);
  return sum(same.map(({ rankRatio }) => rankRatio)) / same.length;
};
const oracle = sum(printed.map(({ dimensionRatio, rankRatio }) => (meanAt(dimensionRatio) - rankRatio) ** 2));

async function tryOut({
  tolerance = 'numpy',
  slope = 0.01,
  ...layer
}: Choices): Promise<Omit<Trial, 'choices'>> {
  const curves = new Map<string, number[]>();
  const leaky = (x: tf.Tensor) => tf.leakyRelu(x, slope);
  for (const [seed, [width, layers]] of WIDTHS.entries()) {
    const activations = ACTIVATIONS.map((name) => (name === 'leakyRelu' ? 'leaky' : name));
    const protocol = { ...layer, channels: `${width}:${width}`, tolerances: [tolerance] };
    const study = {
      blocks: ['pointwise'] as const,
      activations,
      ratios: RATIOS,
      layers,
      metrics: false,
      seed,
      protocol,
    };
    for await (const rows of measureStudy(study, { workers: 0, activations: { leaky } }))
      for (const { activation, dimensionRatio, ranks, channels } of rows) {
        const key = `${activation.replace(/^leaky$/, 'leakyRelu')} ${dimensionRatio}`;
        const curve = curves.get(key) ?? WIDTHS.map(() => 0);
        curves.set(key, curve);
        curve[seed] = (curve[seed] ?? 0) + (ranks[0]?.rank ?? NaN) / channels / layers;
      }
  }
  const trials = ranges().map(({ range, weights }) => {
    const squares = ACTIVATIONS.map((name) =>
      printed
        .filter(({ activation }) => activation === name)
        .map(({ dimensionRatio, rankRatio }) => {
          const curve = curves.get(`${name} ${dimensionRatio}`) ?? [];
          return (sum(curve.map((value, i) => value * (weights[i] ?? 0))) - rankRatio) ** 2;
        }),
    );
    const errors = squares.map((own) => Number(Math.sqrt(sum(own) / own.length).toFixed(4)));
    const byActivation = Object.fromEntries(ACTIVATIONS.map((name, i) => [name, errors[i] ?? NaN]));
    return { range, skill: Number((1 - sum(squares.flat()) / oracle).toFixed(4)), byActivation };
  });
  return trials.reduce((best, trial) => (trial.skill > best.skill ? trial : best));
}

/** Ranges of d_out with the weight of each width in the mean over it. */
function ranges(): { range: string; weights: number[] }[] {
  const ends = [4, 6, 8, 12, 16, 24, 32, 48, 64].flatMap((low) =>
    [64, 128, 256, 400, 512, 800].filter((high) => high > low).map((high) => [low, high] as const),
  );
  return ends.flatMap(([low, high]) =>
    ['uniform', 'log-uniform'].map((distribution) => {
      const weights = WIDTHS.map(() => 0);
      const add = (i: number, amount: number) => (weights[i] = (weights[i] ?? 0) + amount);
      for (let width = low; width <= high; width++) {
        const amount = distribution === 'uniform' ? 1 : 1 / width;
        const right = WIDTHS.findIndex(([w]) => w >= width);
        if (right <= 0) add(right < 0 ? WIDTHS.length - 1 : 0, amount);
        else {
          const [from, to] = [right - 1, right].map((i) => Math.log(WIDTHS[i]?.[0] ?? NaN)) as [
            number,
            number,
          ];
          const share = (Math.log(width) - from) / (to - from);
          add(right - 1, amount * (1 - share));
          add(right, amount * share);
        }
      }
      const total = sum(weights);
      return { range: `${low}:${high} ${distribution}`, weights: weights.map((weight) => weight / total) };
    }),
  );
}

async function search(minutes: number, seed: number): Promise<void> {
  const stream = createStream(seed, 'figure-1-pointwise');
  const unit = () => fillUniform(stream, new Float64Array(1))[0] ?? NaN;
  const pick = <T>(items: readonly T[]) => items[Math.floor(items.length * unit())] as T;
  const near = (low: number, high: number) => (low * (high / low) ** unit()).toPrecision(3);
  const alternatives: Readonly<Record<string, () => string | number>> = {
    weights: () =>
      pick(['kaiming-normal', 'kaiming-normal:fan-out', 'pytorch', `normal:${near(0.2, 4)}`, `uniform:${near(0.2, 6)}`,
        `normal:${near(0.5, 6)}/outputs`, `normal:${near(0.5, 6)}/inputs`]), // prettier-ignore
    bias: () => pick(['none', 'none', 'pytorch', `normal:${near(0.1, 3)}`, `uniform:${near(0.1, 3)}`]),
    inputs: () => pick([`uniform:${near(0.3, 4)}`, `normal:${near(0.3, 3)}`, `half-normal:${near(0.3, 3)}`]),
    normalization: () => pick(['batch', 'deviation', 'inference', `running:${near(0.02, 0.9)}`]),
    normalizationScale: () => pick(['one', 'uniform']),
    normalizationShift: () => pick(['none', 'none', `normal:${near(0.2, 3)}`, `uniform:${near(0.3, 4)}`]),
    samples: () => pick(['d_out+1', 'd_out+10', '1.2x', '1.5x', '2x', '3x']),
    slope: () => pick([0.01, 0.01, 0.1, 0.2, 0.3]),
    tolerance: () => pick(['numpy', 'numpy', 'relative:1e-6', 'relative:1e-5', 'relative:1e-4']),
  };
  const names = Object.keys(alternatives);
  const draw = (name: string) => alternatives[name]?.();
  mkdirSync('runs/figure-1-pointwise', { recursive: true });
  for (const until = Date.now() + 60_000 * minutes; Date.now() < until;) {
    const best = readTrials().slice(0, 8);
    const choices: Record<string, unknown> =
      best.length < 8 || unit() < 0.25
        ? Object.fromEntries(names.map((name) => [name, draw(name)]))
        : { ...pick(best).choices };
    if (best.length >= 8) for (const name of [pick(names), pick(names)]) choices[name] = draw(name);
    const trial = { choices, ...(await tryOut(choices)) };
    appendFileSync(OWN, `${JSON.stringify(trial)}\n`);
  }
}

/** Returns all trials, the best first. */
function readTrials(): Trial[] {
  const lines = [KEPT, OWN].filter(existsSync).flatMap((path) => readFileSync(path, 'utf8').split('\n'));
  const trials = lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as Trial);
  return trials.sort((a, b) => b.skill - a.skill);
}

function report(): void {
  const trials = readTrials();
  const normalizationOf = ({ choices }: Trial) =>
    String(choices.normalization ?? 'deviation').split(':')[0] ?? '';
  console.log(`${trials.length} trials; the best of each normalization:`);
  for (const name of new Set(trials.map(normalizationOf))) {
    const best = trials.find((trial) => normalizationOf(trial) === name);
    console.log(name.padEnd(10), best?.skill.toFixed(2), best?.range, JSON.stringify(best?.choices));
  }
  console.log('\nleft out of the choice: its error under the protocol that is best for the others');
  for (const left of ACTIVATIONS) {
    const others = ({ byActivation }: Trial) =>
      sum(ACTIVATIONS.filter((name) => name !== left).map((name) => (byActivation[name] ?? NaN) ** 2));
    const chosen = trials.reduce((best, trial) => (others(trial) < others(best) ? trial : best));
    console.log(left.padEnd(10), chosen.byActivation[left]?.toFixed(3), JSON.stringify(chosen.choices));
  }
}

const [command, minutes = '10', seed = '1'] = process.argv.slice(2);
if (command === 'search') void search(Number(minutes), Number(seed));
else report();
