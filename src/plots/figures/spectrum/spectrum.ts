import type { TopLevelSpec } from 'vega-lite';
import { missing } from '../../../errors.js';
import { captionView, titleBlock } from '../../parts/caption.js';
import { pickedParameter } from '../../parts/encoding.js';
import type { CumulativePoint, SpectrumPoint, ThresholdPoint } from '../../../study/spectrum-summary.js';
import { any, maybe, oneOf } from '../../../schema.js';
import { drawableNames } from '../../parts/drawable-names.js';
import { refuseDoublePoints } from '../../parts/distinct-points.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  type Figure,
  type FigureOptions,
} from '../../render/figure.js';
import { layoutWidth, panelSize } from '../../parts/panel-size.js';
import { legendColumns } from '../../parts/legend-columns.js';
import { magnitudeFloor } from './magnitude-floor.js';
import { activationStyles } from '../../parts/activation-style.js';
import { spectrumRows, type SpectrumRow } from './spectrum-rows.js';
import { spectrumView, type SpectrumFrame, type SpectrumHalf, type SpectrumPanel } from './spectrum-view.js';
import { themeConfig } from '../../render/theme.js';
import { formatBlock, formatLayerCount } from '../../parts/format-names.js';

/** The texts and the layout of a spectrum figure. */
export interface SpectrumFigureOptions extends FigureOptions {
  /**
   * Singular values to the left of their cumulative share, or above it.
   * @default 'beside' for one or two dimension ratios, 'stacked' for more
   */
  readonly arrangement?: 'beside' | 'stacked' | undefined;
  /** Where tolerances cut the spectra: a dashed line each, with its name. @default none */
  readonly tolerances?: readonly ThresholdPoint[] | undefined;
  /**
   * Magnitude at which the logarithmic axes end; smaller singular values and zeros are drawn there.
   * @default the power of ten below the smallest positive median, at least 1e-9, at most 0.01
   */
  readonly floor?: number | undefined;
}

/**
 * Returns the figure of spectra: scaled singular values and their cumulative share. Singular values, divided by the
 * largest, are drawn on a logarithmic axis against index / d_out: the median of the layers with their middle half. The
 * cumulative share is that of singular values at or below a magnitude. There is one row per block and tap, one column
 * per dimension ratio, and one line per activation. Values below the floor, including exact zeros, are drawn on the
 * floor, whose tick is `≤`. @throws RangeError without points.
 */
export function spectrumFigure(
  givenSpectra: readonly SpectrumPoint[],
  givenShares: readonly CumulativePoint[],
  options: SpectrumFigureOptions = {},
): Figure {
  checkFigureOptions(options, {
    arrangement: maybe(oneOf(['beside', 'stacked'])),
    floor: maybe(any()),
    tolerances: maybe(any()),
  });
  const spectra = drawableNames(givenSpectra, 'activation');
  const cumulative = drawableNames(givenShares, 'activation');
  const group = ['block', 'tap', 'activation', 'dimensionRatio'] as const;
  refuseDoublePoints(spectra, [...group, 'position'], 'one row a point: of one run');
  refuseDoublePoints(cumulative, [...group, 'magnitude'], 'one row a point: of one run');
  if (spectra.length === 0) throw missing('spectra', spectra, 'a spectrum figure needs at least one point');
  const rows = spectrumRows(spectra);
  const ratios = [...new Set(spectra.map((point) => point.dimensionRatio))].sort((a, b) => a - b);
  const halves: SpectrumHalf[] = cumulative.length > 0 ? ['spectrum', 'cumulative'] : ['spectrum'];
  const total = layoutWidth(options);
  const tight = total !== undefined && (total - 62) / (ratios.length * halves.length) - 28 < 90;
  const stacked =
    (options.arrangement ?? (ratios.length > 2 || tight ? 'stacked' : 'beside')) === 'stacked';
  const styles = activationStyles(spectra.map((point) => point.activation));
  const floor = options.floor ?? magnitudeFloor(spectra);
  const clipped = spectra.some((point) => point.magnitudeLow < floor);
  const title = options.title ?? 'Spectra of the features';
  const subtitle = options.subtitle ?? defaultSubtitle(spectra, cumulative.length > 0);
  const description = describe(spectra);
  const tolerances = (options.tolerances ?? []).filter(({ magnitude }) => magnitude > floor && magnitude < 1);
  const data = {
    spectrum: jsonRows(spectra, 5),
    cumulative: jsonRows(cumulative, 5),
    ...(tolerances.length > 0 && { tolerance: jsonRows(tolerances, 4) }),
  };

  const build = (layout: Layout): TopLevelSpec => {
    const across = layout.columns * (layout.width + 24);
    const frame: SpectrumFrame = {
      ...layout,
      floor,
      tolerances,
      clipped,
      styles,
      legendColumns: legendColumns(
        [...styles.values()].map(({ label }) => label),
        across,
      ),
    };
    const bands = layout.stacked ? halves.map((half) => [half]) : [halves];
    const panels = bands.flatMap((band) =>
      rows.map((row, at) => panelsOf(row, band, layout.columns === 1, at === rows.length - 1)),
    );
    const grid = {
      spacing: 18,
      vconcat: panels.map(({ words, cells }) => ({
        title: { text: words, offset: 4 },
        spacing: 10,
        hconcat: halves
          .map((half) =>
            cells.filter((panel) => panel.half === half).map((panel) => spectrumView(panel, frame)),
          )
          .filter((views) => views.length > 0)
          // Flush, so that columns keep in line whatever their axes' labels are: the gap has to hold those.
          .map((views) =>
            layout.columns === 1 ? { vconcat: views } : { bounds: 'flush', spacing: 26, hconcat: views },
          ),
      })),
    };
    return {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      description,
      title: titleBlock(title, subtitle, across),
      config: themeConfig(),
      datasets: data,
      params: [pickedParameter(panels.flatMap(({ cells }) => cells.map((panel) => panel.view)))],
      ...(options.caption ? { spacing: 14, vconcat: [grid, captionView(options.caption, across)] } : grid),
    } as unknown as TopLevelSpec;
  };

  /** The panels of one row of a band: each half's dimension ratios from left to right. */
  const panelsOf = (row: SpectrumRow, band: readonly SpectrumHalf[], alone: boolean, bottom: boolean) => ({
    words: row.words,
    cells: band.flatMap((half) =>
      ratios.map((dimensionRatio, column): SpectrumPanel => ({
        half,
        block: row.block,
        tap: row.tap,
        dimensionRatio,
        activations: row.activations,
        view: `${half}${rows.indexOf(row)}x${column}`,
        left: alone || column === 0,
        bottom,
      })),
    ),
  });

  const columns = ratios.length * (stacked ? 1 : halves.length);
  const natural = Math.max(96, Math.floor(690 / columns) - 24);
  const bandRows = rows.length * (stacked ? halves.length : 1);
  const { width, height } = panelSize(options, {
    columns,
    rows: bandRows,
    width: natural,
    height: rows.length === 1 ? Math.max(150, Math.min(240, natural)) : 122,
    beside: 28 * columns + 62,
    above: 50 + 60 * bandRows,
    texts: { title, subtitle, caption: options.caption },
  });
  const figure: Figure = {
    name: 'spectrum',
    title,
    description,
    data,
    spec: build({ stacked, columns, width, height }),
    ...(columns > 1 && { narrowSpec: build({ stacked: true, columns: 1, width: 262, height: 150 }) }),
  };
  return finishFigure(figure, options);
}

interface Layout {
  readonly stacked: boolean;
  /** Panels side by side. */
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

function defaultSubtitle(spectra: readonly SpectrumPoint[], shares: boolean): string {
  const layers = formatLayerCount(spectra.map((point) => point.layers));
  if (spectra.every((point) => point.layers <= 1)) return `${layers} per line`;
  const median = `Median of ${layers} per line, with the middle half of the layers`;
  return shares ? `${median}; shares: of their singular values, on average` : median;
}

function describe(spectra: readonly SpectrumPoint[]): string {
  const blocks = [...new Set(spectra.map((point) => formatBlock(point.block)))].join('; ');
  const ratios = [...new Set(spectra.map((point) => point.dimensionRatio))].sort((a, b) => a - b).join(', ');
  const styles = activationStyles(spectra.map((point) => point.activation));
  const names = [...styles.values()].map((style) => style.label).join(', ');
  return (
    'Line charts of the singular values of the features: each divided by the largest, on a logarithmic axis, ' +
    'against its index divided by the output channels; and the cumulative share of the singular values at or ' +
    `below a magnitude. Blocks: ${blocks}. Dimension ratios: ${ratios}. Activations: ${names}.`
  );
}
