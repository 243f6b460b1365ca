import {
  ONE_BUDGET,
  rankPredictors,
  type SearchAnalysis,
  type SearchVerdict,
  type ShapeSlope,
} from '../../../search/analyse-search.js';
import { aligned, ruleUnder } from '../aligned.js';

/** Names of the compared quantities, for tables. */
export const searchLabels: Readonly<Record<string, string>> = {
  evenness: 'evenness (0 to 1)',
  lastWidth: 'last width (channels)',
  slopeA: 'slope a (per block)',
  offsetB: 'offset b (channels)',
  params: 'parameters',
  macs: 'MACs',
  gradientNorm: 'gradient norm',
  naswot: 'NASWOT',
  stemEffectiveBefore: 'effective rank, stem, before',
  outputEffectiveBefore: 'effective rank, outputs, before',
  headEffectiveBefore: 'effective rank, head, before',
  stemRankBefore: 'rank, stem, before',
  outputRankBefore: 'rank, outputs, before',
  headRankBefore: 'rank, head, before',
  earlyLossSum: 'sum of losses, first half',
  trainLossSum: 'sum of losses',
  stemEffectiveAfter: 'effective rank, stem, after',
  outputEffectiveAfter: 'effective rank, outputs, after',
  headEffectiveAfter: 'effective rank, head, after',
  stemRankAfter: 'rank, stem, after',
  outputRankAfter: 'rank, outputs, after',
  headRankAfter: 'rank, head, after',
};

const words: Readonly<Record<SearchVerdict, string>> = {
  more: 'supported',
  less: 'the reverse is supported',
  'not decided': 'not decided',
};

const points = (share: number) => (100 * share).toFixed(2);
const signed = (value: number, digits = 2) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(digits)}`;
const range = ([low, high]: readonly [number, number], format: (value: number) => string) =>
  `${format(low)} to ${format(high)}`;

/**
 * Returns an analysis as text of at most 80 columns. It says which differences are supported and which are not decided.
 */
export function searchReport(analysis: SearchAnalysis): string {
  const { networks, designs, costSpread, halved, front } = analysis;
  return [
    `${networks} networks of ${designs} designs; costs differ by ${points(costSpread)}%.`,
    '',
    ...claimLines(analysis),
    ...(halved ? ['Successive halving drops networks, so the comparison below is not fair.'] : []),
    ...(costSpread > ONE_BUDGET
      ? ['Costs differ by more than 5%, and may be the reason for what follows.']
      : []),
    '',
    ...noiseLines(analysis),
    '',
    ...slopeLines(analysis),
    '',
    ...gapLines(analysis),
    '',
    ...proxyLines(analysis),
    '',
    ...rankLines(analysis),
    ...(front ? ['', ...frontLines(front)] : []),
    '',
    'noise: standard deviations between seeds and between designs; reliability: share',
    'of the variance between designs; p: of no difference between them.',
    'before, after: training. outputs: mean of the blocks. tau: Kendall; r: Pearson.',
    ...wrapped(
      "Intervals are 95%. more, less: the interval excludes 0, or of a proxy p < 0.05 after Holm's correction. " +
        'not decided: neither; the interval says how large an effect may be.',
    ),
    '',
  ].join('\n');
}

/** The three questions that are asked in advance, answered in a line each; not asked where designs do not compare. */
function claimLines({ slopes, gap, proxies, halved, costSpread }: SearchAnalysis): string[] {
  const oneBudget = costSpread <= ONE_BUDGET;
  const compares = oneBudget && !halved;
  const answer = (claim: string, verdict: SearchVerdict | undefined, asked = compares) =>
    `${claim}: ${verdict === undefined || !asked ? 'not asked' : words[verdict]}.`;
  const of = (outcome: ShapeSlope['outcome']) =>
    slopes.find((one) => one.shape === 'evenness' && one.outcome === outcome)?.verdict;
  const loss = of('testLoss');
  const fallen = loss === 'less' ? 'more' : loss === 'more' ? 'less' : loss;
  const ranks = proxies.filter(({ proxy }) => rankPredictors.includes(proxy));
  const found = ranks
    .filter(({ verdict }) => verdict !== 'not decided')
    .map(({ proxy, verdict }) => `${searchLabels[proxy]} (${verdict} is better)`);
  return [
    answer('Accuracy rises with the evenness of the channels', of('testAccuracy')),
    answer('Test loss falls with it', fallen),
    answer('Best designs stay better than worst with fresh seeds', gap.fresh?.verdict, oneBudget),
    ...(compares && found.length > 0
      ? wrapped(`A rank predicts accuracy: supported for ${found.join('; ')}.`)
      : [answer('A rank predicts accuracy', ranks[0] && 'not decided')]),
  ];
}

function noiseLines({ components, detectable }: SearchAnalysis): string[] {
  const head = ['noise', 'seeds', 'designs', 'reliability', 'interval', 'p'];
  const rows = (['testAccuracy', 'testLoss'] as const).flatMap((outcome) => {
    const found = components[outcome];
    if (!found) return [];
    const format = outcome === 'testAccuracy' ? points : (value: number) => value.toFixed(4);
    return [
      [
        outcome === 'testAccuracy' ? 'test accuracy, points' : 'test loss',
        format(Math.sqrt(found.within)),
        format(Math.sqrt(found.between)),
        found.reliability.toFixed(2),
        range(found.interval, (value) => value.toFixed(2)),
        found.p.toFixed(3),
      ],
    ];
  });
  if (rows.length === 0)
    return ['No design has two seeds, so the noise, the power and the bounds are unknown.'];
  const power =
    detectable === null || !Number.isFinite(detectable)
      ? 'The repeated designs differ by no more than seeds, so the power is unknown.'
      : detectable > 1
        ? 'This size detects no correlation of shape with true accuracy with power 0.8.'
        : `This size detects a correlation of ${detectable.toFixed(2)} with true accuracy with power 0.8.`;
  return [...table(head, rows), power];
}

function slopeLines({ slopes }: SearchAnalysis): string[] {
  const row = ({ shape, outcome, slope, interval, correlation, verdict }: ShapeSlope) => {
    const factor = outcome === 'testAccuracy' ? 100 : 1;
    const digits = outcome === 'testAccuracy' ? 3 : 4;
    const format = (value: number) => signed(factor * value, digits);
    return [searchLabels[shape]!, format(slope), range(interval, format), signed(correlation), verdict];
  };
  const part = (outcome: ShapeSlope['outcome'], words: string) =>
    table(
      [words, 'slope', 'interval', 'r', 'verdict'],
      slopes.filter((one) => one.outcome === outcome).map(row),
    );
  return [...part('testAccuracy', 'accuracy, points, on'), '', ...part('testLoss', 'test loss on')];
}

function gapLines({ deciles, gap }: SearchAnalysis): string[] {
  const rows = deciles.map(({ group, accuracy, params, channels }) => [
    `${group} tenth`,
    `${points(accuracy.mean)}%`,
    range(accuracy.interval, points),
    params.mean.toFixed(0),
    channels ? channels.map(({ mean }) => mean.toFixed(0)).join('-') : '',
  ]);
  const { selected, byChance, expected, fresh } = gap;
  const chance = byChance === null ? '' : `; ${points(byChance)} if designs did not differ`;
  const left = expected === null ? '' : `; ${points(expected)} of them should remain with fresh seeds`;
  return [
    ...table(['designs by accuracy', 'accuracy', 'interval', 'params', 'channels'], rows),
    ...wrapped(`Best less worst, as selected: ${points(selected)} points${chance}${left}.`),
    ...(fresh
      ? wrapped(
          `Trained again with fresh seeds: ${points(fresh.gap)} points ` +
            `(${range(fresh.interval, points)}), ${words[fresh.verdict]}. ` +
            `The worst have ${signed(100 * fresh.paramsDifference)}% parameters.`,
        )
      : ['The difference with fresh seeds is not measured (--again, --fresh).']),
  ];
}

function proxyLines({ proxies, tauBound }: SearchAnalysis): string[] {
  const rows = proxies.map(({ proxy, value, interval, adjusted, verdict }) => [
    searchLabels[proxy]!,
    signed(value),
    range(interval, signed),
    adjusted.toFixed(3),
    verdict,
  ]);
  const bound =
    tauBound === null
      ? 'The bound set by noise is unknown without repeats.'
      : tauBound === 0
        ? 'The bound set by noise is unknown: repeats differ as much as seeds.'
        : `A proxy that knew the true accuracy would have an expected tau of ${tauBound.toFixed(2)}.`;
  return [...table(['proxy of accuracy', 'tau', 'interval', 'p', 'verdict'], rows), bound];
}

function rankLines({ ranks }: SearchAnalysis): string[] {
  const rows = ranks.map(({ rank, plain, givenCost }) => [
    searchLabels[rank]!,
    signed(plain.value),
    range(plain.interval, signed),
    givenCost ? signed(givenCost.value) : '-',
    givenCost ? range(givenCost.interval, signed) : '-',
  ]);
  return table(['rank and accuracy', 'r', 'interval', 'given cost', 'interval'], rows);
}

function frontLines(front: NonNullable<SearchAnalysis['front']>): string[] {
  const rows = front.map(({ design, macs, accuracy }) => [
    String(design),
    (macs / 1e6).toFixed(2),
    `${points(accuracy)}%`,
  ]);
  return table(['Pareto front: design', 'million MACs', 'accuracy'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const [heading = '', ...lines] = aligned([head, ...rows]);
  return [heading, ruleUnder(heading), ...lines];
}

function wrapped(line: string): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > 80) {
    const at = rest.lastIndexOf(' ', 80);
    lines.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  return [...lines, rest];
}
