import { missing } from '../../errors.js';
import type { LayerWeights } from '../../weights/measure-layer-weights.js';
import { drawableNames } from '../parts/drawable-names.js';
import { formatTolerance } from '../parts/format-tolerance.js';
import { placeEndLabels } from '../parts/end-labels.js';
import { panelSize } from '../parts/panel-size.js';
import { multiplesSpec } from '../parts/small-multiples.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  type Figure,
  type FigureOptions,
} from '../render/figure.js';
import { QUIET } from '../render/theme.js';

/** The fields of a layer that the figure draws. */
export type LayerSpectrum = Pick<
  LayerWeights,
  'name' | 'rows' | 'columns' | 'spectrum' | 'baselineSpectrum' | 'baseline' | 'signalRank' | 'noise' | 'ranks'
>;

const OWN = { name: 'this layer', colour: '#2947c6' };
const BASELINE = { colour: '#e69f00' };
/** The axis ends at the rounding floor divided by this factor; values below the floor are rounding errors. */
const BELOW_FLOOR = 50;
/** The most points of a line; of a longer spectrum every n-th point and its ends are drawn. */
const DRAWN = 1500;

/**
 * Returns the figure of one layer's singular values beside those of its baseline. Lines mark the floor that rounding to
 * the stored type makes and the edge where random matrices of its shape and variance end.
 * @throws RangeError for a layer without a singular value above 0
 * @example
 * const { layers } = await measureWeights(model, { layers: 'conv1*' });
 * await writeFigure(layerSpectrumFigure(layers[0]!), 'figures/conv1', ['svg']);
 */
export function layerSpectrumFigure(given: LayerSpectrum, options: FigureOptions = {}): Figure {
  checkFigureOptions(options);
  const [layer] = drawableNames([given], 'name') as [LayerSpectrum];
  const { name, rows, columns, spectrum, baselineSpectrum, baseline, signalRank, noise } = layer;
  const largest = Math.max(spectrum[0] ?? 0, baselineSpectrum?.[0] ?? 0);
  if (!(largest > 0)) throw missing('singular values above 0', name, 'a figure of a spectrum needs one');
  const other = baseline?.kind === 'gaussian' ? 'normal entries' : 'same entries in random order';
  const points = [
    ...pointsOf(OWN.name, spectrum),
    ...(baselineSpectrum ? pointsOf(other, baselineSpectrum) : []),
  ];
  const positive = points.flatMap(({ value }) => (value > 0 ? [value] : []));
  const lowest = Math.min(largest / 100, ...positive, ...(signalRank.floor > 0 ? [signalRank.floor] : []));
  const lowestDrawn = Math.min(largest / 1000, signalRank.floor > 0 ? signalRank.floor / BELOW_FLOOR : Infinity);
  const floor = Math.max(lowest * 0.8, lowestDrawn, largest * 1e-12);
  const cut = spectrum.filter((value) => value < floor).length;
  const domain: [number, number] = [floor, largest * 1.25];
  const lines = [
    { words: `noise edge: ${noise.beyond} beyond`, value: noise.edge },
    { words: `rounding floor: ${signalRank.rank} above`, value: signalRank.floor },
  ].filter(({ value }) => value > domain[0] && value < domain[1]);

  const title = options.title ?? `Singular values of ${name}`;
  const subtitle =
    options.subtitle ??
    `${rows} x ${columns}, rank ${layer.ranks.map(({ rule, rank }) => `${rank} at tolerance ${formatTolerance(rule)}`).join(', ')}.`;
  const caption =
    options.caption ??
    'Noise edge: where one of twenty random matrices of these sizes and this variance ends (Marchenko and Pastur, with the ' +
      'spread of Tracy and Widom). Rounding floor: the largest singular value that rounding to the stored type can make.' +
      (cut > 0 ? ` ${cut} of the layer's values lie below the axis.` : '');
  const { width, height } = panelSize(options, {
    ...{ columns: 1, rows: 1, width: 460, height: 300, beside: 200, above: 80 },
    texts: { title, subtitle, caption },
  });
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { type: 'log', domain, nice: false },
    axis: { title: 'Singular value', tickCount: 6, format: '~g' },
  });
  const x = {
    field: 'index',
    type: 'quantitative',
    scale: { domain: [0, Math.max(2, spectrum.length) + 1], nice: false },
    axis: { title: 'Index', tickMinStep: 1, format: 'd' },
  };
  const names = [...new Set(points.map(({ series }) => series))];
  const view = {
    width,
    height,
    layer: [
      { data: { name: 'edges' }, mark: { type: 'rule', strokeDash: [4, 3], color: QUIET }, encoding: { y: y('value') } },
      ...endLabels(lines, domain, height, width),
      {
        data: { name: 'spectrum' },
        transform: [{ filter: `datum.value >= ${floor}` }],
        mark: { type: 'line', clip: true, ...(spectrum.length <= 80 && { point: { size: 14, filled: true } }) },
        encoding: {
          x,
          y: y('value'),
          color: {
            field: 'series',
            type: 'nominal',
            scale: { domain: names, range: [OWN.colour, BASELINE.colour] },
            legend: { title: null, orient: 'top', symbolType: 'stroke', symbolSize: 300, offset: 12, labelLimit: 0 },
          },
          tooltip: [
            { field: 'series', type: 'nominal', title: 'Spectrum' },
            { field: 'index', type: 'quantitative', title: 'Index' },
            { field: 'value', type: 'quantitative', title: 'Singular value', format: '.4~g' },
          ],
        },
      },
    ],
  };
  const data = { spectrum: jsonRows(points, 6), edges: jsonRows(lines, 6) };
  const description =
    `Line chart of the ${spectrum.length} singular values of ${name}, largest first, on a logarithmic axis` +
    `${baselineSpectrum ? `, beside those of the ${other}` : ''}; ${lines.map(({ words }) => words).join(', ')}.`;
  const figure: Figure = {
    name: 'layer',
    title,
    description,
    data,
    spec: multiplesSpec([{ heading: '', views: [view] }], {
      ...{ title, subtitle, caption, description, across: width + 140, datasets: data },
    }),
  };
  return finishFigure(figure, options);
}

function pointsOf(series: string, spectrum: Float64Array): { series: string; index: number; value: number }[] {
  const step = Math.max(1, Math.ceil(spectrum.length / DRAWN));
  return Array.from(spectrum, (value, i) => ({ series, index: i + 1, value })).filter(
    (_, i) => i % step === 0 || i < 20 || i === spectrum.length - 1,
  );
}

/** Names beside the ends of the lines, apart from one another. */
function endLabels(
  lines: readonly { words: string; value: number }[],
  [low, high]: [number, number],
  height: number,
  width: number,
): object[] {
  const at = (value: number) => (height * Math.log(high / value)) / Math.log(high / low);
  const ends = lines.map(({ words, value }) => ({ name: words, value: -at(value), mean: -at(value) }));
  return placeEndLabels(ends, { gap: 14, tie: 1, low: -height, high: 0 }).map(({ name, place }) => ({
    data: { values: [{}] },
    mark: {
      ...{ type: 'text', align: 'left', baseline: 'middle', color: QUIET, text: name, tooltip: null },
      ...{ x: width + 6, y: -place },
    },
  }));
}
