import type { PublishedPoint } from '../../../published/figure-1.js';
import type { CurveRow } from './curve-runs.js';
import type { SeriesField } from '../../parts/encoding.js';
import type { LabelledStyle } from '../../parts/activation-style.js';
import { shortLabels } from '../../parts/short-labels.js';
import { formatBlock, orderBlocks, orderTaps, formatTap } from '../../parts/format-names.js';

/** What all panels of one curve figure share. */
export interface CurveFrame {
  /** Size of a panel's plot area, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Panels side by side. */
  readonly columns: number;
  /** The dimension ratio at the right edge. */
  readonly right: number;
  /** How each line looks, by the field that tells lines apart. */
  readonly styles: ReadonlyMap<string, LabelledStyle>;
  readonly field: SeriesField;
}

/** One panel of the curve figure: one block, tap and tolerance, and of runs side by side one run. */
export interface CurvePanel {
  /** Undefined where runs are overlaid, or there is one. */
  readonly run: string | undefined;
  readonly block: string;
  readonly tap: string;
  readonly tolerance: string;
  readonly points: readonly CurveRow[];
  /** Published points of the panel's block and activations within its axes, to be laid over its curves. */
  readonly published: readonly PublishedPoint[];
  readonly title: string;
  /** What else tells the panel from its neighbours: run, tap and tolerance, where there are several. */
  readonly subtitle?: string;
}

/**
 * Returns the rows of panels: one row a block where a block has several panels, at most three in a row; else the
 * blocks one after the other, two in a row (three where there are more than four).
 * @param right the dimension ratio at the right edge
 */
export function curvePanels(
  points: readonly CurveRow[],
  published: readonly PublishedPoint[],
  { right, beside }: { right: number; beside: boolean },
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
            title: formatBlock(block),
            ...(apart.length > 0 && { subtitle: apart.join(', ') }),
          });
        }
      }
    }
    return panels;
  });
  const most = Math.max(...byBlock.map((panels) => panels.length));
  // a row has the runs of one tap and tolerance
  const width = runs.length > 1 && runs.length <= 4 ? runs.length : Math.min(3, most);
  if (most > 1) return byBlock.flatMap((panels) => chunks(panels, width));
  return chunks(byBlock.flat(), blocks.length > 4 ? 3 : 2);
}

/** The published points that a panel's own can be compared with: of its output, as far as its axis goes. */
function publishedOf(
  own: readonly CurveRow[],
  published: readonly PublishedPoint[],
  right: number,
): PublishedPoint[] {
  const lines = new Map(own.map((point) => [point.activation, point.series] as const).reverse());
  const { block, tap } = own[0]!;
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

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
