import type { PublishedPoint } from '../../../published/figure-1.js';
import { firstOf } from '../../../lookups.js';
import type { CurveRow } from './curve-runs.js';
import type { SeriesField } from '../../parts/encoding.js';
import type { LabelledStyle } from '../../parts/activation-style.js';
import { chunks } from '../../parts/chunks.js';
import { shortLabels } from '../../parts/short-labels.js';
import { formatBlock, orderBlocks, orderTaps, formatTap } from '../../parts/format-names.js';

/** Settings that all panels of a curve figure share. */
export interface CurveFrame {
  /** Size of a panel's plot area, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Panels side by side. */
  readonly columns: number;
  /** Width of all panels including the gaps, for the legend. */
  readonly across: number;
  /** The dimension ratio at the right edge. */
  readonly right: number;
  /** The look of each line, by the field that distinguishes lines. */
  readonly styles: ReadonlyMap<string, LabelledStyle>;
  readonly field: SeriesField;
  /** Whether there is room for names beside the lines. @default true */
  readonly named?: boolean | undefined;
  /** The lines: the measured means, predictions beside the means as marks, or predictions alone. */
  readonly lines: 'measured' | 'predicted' | 'alone';
}

/** One panel of the curve figure: one block, tap and tolerance, and of runs side by side one run. */
export interface CurvePanel {
  /** Undefined if runs are overlaid, or if there is one run. */
  readonly run: string | undefined;
  readonly block: string;
  readonly tap: string;
  readonly tolerance: string;
  readonly points: readonly CurveRow[];
  /** Published points of the panel's block and activations within its axes, to be laid over its curves. */
  readonly published: readonly PublishedPoint[];
  /** The rank ratios at the ends of the vertical axis. */
  readonly range: readonly [low: number, high: number];
  readonly title: string;
  /** The run, tap and tolerance that distinguish the panel from its neighbours, if there are several. */
  readonly subtitle?: string | undefined;
}

/**
 * Returns the rows of panels. A block with several panels has a row of its own, at most three panels wide. Other blocks
 * follow one another, two in a row (three where there are more than four).
 * @param right the dimension ratio at the right edge
 */
export function curvePanels(
  points: readonly CurveRow[],
  published: readonly PublishedPoint[],
  { right, beside, range }: { right: number; beside: boolean; range: CurvePanel['range'] },
): CurvePanel[][] {
  const blocks = orderBlocks(points.map((point) => point.block));
  const taps = orderTaps(points.map((point) => point.tap));
  const tolerances = [...new Set(points.map((point) => point.tolerance))];
  const runs = beside ? [...new Set(points.map((point) => point.run))] : [undefined];
  const runLabels = shortLabels(
    runs.map((run) => run ?? ''),
    230,
  );
  const byBlock = blocks.map((block) => {
    const panels: CurvePanel[] = [];
    // A single convolution has one tap only, so a tap is named where its own block has several.
    const blockTaps = new Set(points.filter((point) => point.block === block).map((point) => point.tap));
    for (const tap of taps) {
      for (const tolerance of tolerances) {
        for (const [r, run] of runs.entries()) {
          const own = points.filter(
            (p) =>
              p.block === block && p.tap === tap && p.tolerance === tolerance && (!beside || p.run === run),
          );
          if (own.length === 0) continue;
          const apart = [
            runs.length > 1 ? runLabels[r]! : '',
            blockTaps.size > 1 ? formatTap(tap) : '',
            tolerances.length > 1 ? `tolerance ${tolerance}` : '',
          ].filter(Boolean);
          panels.push({
            run,
            block,
            tap,
            tolerance,
            points: own,
            published: publishedOf(own, published, right),
            range,
            title: formatBlock(block),
            ...(apart.length > 0 && { subtitle: apart.join(', ') }),
          });
        }
      }
    }
    return panels;
  });
  const max = Math.max(...byBlock.map((panels) => panels.length));
  // a row has the runs of one tap and tolerance
  const width = runs.length > 1 && runs.length <= 4 ? runs.length : Math.min(3, max);
  if (max > 1) return byBlock.flatMap((panels) => chunks(panels, width));
  return chunks(byBlock.flat(), blocks.length > 4 ? 3 : 2);
}

/**
 * The share of the height that makes curves near the top crowded. They are drawn again in a panel with its own axis.
 */
const CROWDED = 0.25;

/**
 * Returns the rows of panels, with enlarged panels below those whose curves are crowded. A panel is enlarged where at
 * least half of its curves, and three of them, share a quarter of the height.
 */
export function withDetails(rows: readonly CurvePanel[][], seriesOf: (row: Pick<CurveRow, 'activation' | 'series'>) => string): CurvePanel[][] {
  return rows.flatMap((row) => {
    const details = row.flatMap((panel) => detailOf(panel, seriesOf) ?? []);
    return details.length === 0 ? [row] : [row, details];
  });
}

function detailOf(panel: CurvePanel, seriesOf: (row: Pick<CurveRow, 'activation' | 'series'>) => string): CurvePanel | undefined {
  const lowest = new Map<string, number>();
  for (const row of panel.points) {
    const series = seriesOf(row);
    lowest.set(series, Math.min(lowest.get(series) ?? 1, row.rankRatioMean));
  }
  const crowd = [...lowest].filter(([, value]) => value >= 1 - CROWDED).map(([name]) => name);
  if (crowd.length < 3 || 2 * crowd.length < lowest.size || panel.points.length === lowest.size) return undefined;
  const published = panel.published.filter(
    (point) => crowd.includes(seriesOf(point)) && point.rankRatio >= 1 - CROWDED,
  );
  const values = [
    ...panel.points.filter((row) => crowd.includes(seriesOf(row))).map((row) => row.rankRatioMean),
    ...published.map(({ rankRatio }) => rankRatio),
  ];
  const low = Math.floor(20 * Math.min(...values) - 0.2) / 20;
  if (low < 1 - 1.2 * CROWDED) return undefined;
  const words = `rank ratios from ${low} to 1`;
  return {
    ...panel,
    points: panel.points.filter((row) => crowd.includes(seriesOf(row))),
    published,
    range: [low, 1],
    title: `${panel.title}, enlarged`,
    subtitle: panel.subtitle === undefined ? words : `${panel.subtitle}, ${words}`,
  };
}

/** Returns the published points that are comparable with a panel's own: at the output, within its axis. */
function publishedOf(
  own: readonly CurveRow[],
  published: readonly PublishedPoint[],
  right: number,
): PublishedPoint[] {
  const lines = new Map(own.map((point) => [point.activation, point.series] as const).reverse());
  const { block, tap } = firstOf(own);
  return published
    .filter(
      (point) =>
        tap === 'output' &&
        point.block === block &&
        point.dimensionRatio <= right &&
        lines.has(point.activation),
    )
    .map((point) => {
      const series = lines.get(point.activation);
      return series === undefined ? point : { ...point, series };
    });
}
