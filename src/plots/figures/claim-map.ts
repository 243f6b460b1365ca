import type { Claim } from '../../claims/paper-claims.js';
import { SMALLEST_EFFECT, type ClaimResult } from '../../claims/test-claims.js';
import { missing } from '../../errors.js';
import { refuseDoublePoints } from '../parts/distinct-points.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  type Figure,
  type FigureOptions,
} from '../render/figure.js';
import { panelSize } from '../parts/panel-size.js';
import { DIFFERENCE_LEGEND, heatView } from '../parts/heat-view.js';
import { multiplesSpec } from '../parts/small-multiples.js';
import { formatTolerance } from '../parts/format-tolerance.js';
import { formatLayerCount } from '../parts/format-names.js';

/** The fields of a {@link ClaimResult} that the map draws. */
export type ClaimPoint = Pick<
  ClaimResult,
  'claim' | 'part' | 'protocol' | 'measure' | 'layers' | 'estimate' | 'low' | 'high' | 'verdict'
>;

/**
 * Returns the figure of where claims hold. Each claim has a row of panels, each part of it a panel, and each protocol
 * and method to measure the rank a cell. Blue where the claim holds, orange where it is reversed, the darker the larger
 * the difference; grey where there is no difference that matters, and a question mark where neither is shown.
 * @throws RangeError if there are no results
 */
export function claimFigure(
  claims: readonly Claim[],
  results: readonly ClaimPoint[],
  options: FigureOptions = {},
): Figure {
  checkFigureOptions(options);
  refuseDoublePoints(results, ['claim', 'part', 'protocol', 'measure'], 'one result a cell');
  if (results.length === 0) throw missing('results', results, 'a map of claims needs at least one result');
  const protocols = [...new Set(results.map((result) => result.protocol))];
  const measures = [...new Set(results.map((result) => result.measure))];
  const title = options.title ?? 'Where the paper’s claims hold';
  const subtitle =
    options.subtitle ??
    'Blue: the claim holds. Orange: the opposite holds. Grey: a difference of less than ' +
      `${SMALLEST_EFFECT} of the width. ?: not decided by ${formatLayerCount(results.map(({ layers }) => layers))} per point. ` +
      `All ${results.length.toLocaleString('en-US')} verdicts together are wrong in at most one of twenty such figures.`;
  const description =
    'Maps of where each claim holds: down, the protocol; across, the tolerance or metric the rank is measured by. ' +
    claims
      .map((claim) => `${claim.words} ${shares(results.filter((result) => result.claim === claim.name))}`)
      .join(' ');
  const datasets = { claims: jsonRows(results) };
  const columns = Math.max(...claims.map(({ parts }) => parts.length));
  const { width, height } = panelSize(options, {
    columns,
    rows: claims.length,
    width: 14 * measures.length,
    height: 13 * protocols.length,
    beside: 10 * columns + 110,
    above: 180 + 60 * claims.length,
    texts: { title, subtitle, caption: options.caption },
  });
  const grid = claims.map((claim, r) => ({
    heading: claim.words,
    note: claim.difference,
    views: claim.parts.map((part, c) =>
      heatView({
        name: part.name,
        ...(r === 0 && { nameOffset: 68 }),
        data: 'claims',
        where: { claim: claim.name, part: part.name },
        width,
        height,
        x: {
          field: 'measure',
          title: null,
          values: measures,
          words: Object.fromEntries(measures.map((measure) => [measure, formatMeasure(measure)])),
          angle: -90,
          // the columns run through the whole figure: they are named at both its ends
          labels: r === 0 || r === claims.length - 1,
          orient: r === 0 ? 'top' : 'bottom',
        },
        y: { field: 'protocol', title: null, values: protocols, labels: c === 0 },
        color: verdictColour,
        sign: { test: "datum.verdict === 'open'", text: '?' },
        tooltip: [
          { field: 'protocol', title: 'Protocol' },
          { field: 'measure', title: 'Measured by' },
          { field: 'verdict', title: 'Verdict' },
          { field: 'estimate', title: 'Difference', format: '.3f' },
          { field: 'low', title: 'from', format: '.3f' },
          { field: 'high', title: 'to', format: '.3f' },
        ],
      }),
    ),
  }));
  const across = columns * (width + 10) + 110;
  const figure: Figure = {
    name: 'claims',
    title,
    description,
    data: datasets,
    spec: multiplesSpec(grid, {
      ...{ title, subtitle, caption: options.caption, description, across, datasets },
      gap: 10,
      rowGap: 18,
    }),
  };
  return finishFigure(figure, options);
}

/** A jump at 0, so that even the smallest difference has the colour of its sign. */
const verdictColour = {
  condition: [
    { test: "datum.verdict === 'same'", value: '#d5d8dc' },
    { test: "datum.verdict === 'open'", value: '#f7f7f8' },
  ],
  field: 'estimate',
  type: 'quantitative',
  scale: {
    domain: [-0.4, -0.0001, 0.0001, 0.4],
    range: ['#8c3a00', '#fdd0a2', '#c9dcf0', '#08407e'],
    interpolate: 'rgb',
    clamp: true,
  },
  legend: DIFFERENCE_LEGEND,
};

const METRICS: Readonly<Record<string, string>> = {
  effectiveRank: 'effective r.',
  participationRatio: 'particip. r.',
  stableRank: 'stable rank',
};

function formatMeasure(measure: string): string {
  return Object.hasOwn(METRICS, measure) ? METRICS[measure]! : formatTolerance(measure);
}

function shares(results: readonly ClaimPoint[]): string {
  const share = (verdict: string) =>
    `${Math.round((100 * results.filter((result) => result.verdict === verdict).length) / results.length)}%`;
  return `Holds in ${share('holds')} of the cells, reversed in ${share('reversed')}, no difference in ${share('same')}, open in ${share('open')}.`;
}
