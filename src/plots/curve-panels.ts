import type { PublishedPoint } from '../published/figure-1.js';
import type { SummaryRow } from '../study/summary.js';
import type { NonlinearityStyle } from './nonlinearity-style.js';
import { blockWords, orderBlocks, orderTaps, tapWords } from './words.js';

/** What all panels of one curve figure share. */
export interface CurveFrame {
  /** Size of a panel's plot area, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Panels side by side. */
  readonly columns: number;
  /** The dimension ratio at the right edge. */
  readonly right: number;
  readonly styles: ReadonlyMap<string, NonlinearityStyle>;
}

/** One panel of the curve figure: one block, tap and tolerance, never two of them in one line. */
export interface CurvePanel {
  readonly block: string;
  readonly tap: string;
  readonly tolerance: string;
  readonly points: readonly SummaryRow[];
  /** Published points of the panel's block and nonlinearities, to be laid over its curves. */
  readonly published: readonly PublishedPoint[];
  readonly title: string;
  /** What else tells the panel from its neighbours: tap and tolerance, where there are several. */
  readonly subtitle?: string;
}

/**
 * Returns the rows of panels: one row a block where a block has several panels, at most three in a row; else the
 * blocks one after the other, two in a row (three where there are more than four).
 */
export function curvePanels(
  points: readonly SummaryRow[],
  published: readonly PublishedPoint[] = [],
): CurvePanel[][] {
  const blocks = orderBlocks(points.map((point) => point.block));
  const taps = orderTaps(points.map((point) => point.tap));
  const tolerances = [...new Set(points.map((point) => point.tolerance))];
  const byBlock = blocks.map((block) => {
    const panels: CurvePanel[] = [];
    // A single convolution has one tap only, so a tap is named where its own block has several.
    const blockTaps = new Set(points.filter((point) => point.block === block).map((point) => point.tap));
    for (const tap of taps) {
      for (const tolerance of tolerances) {
        const own = points.filter((p) => p.block === block && p.tap === tap && p.tolerance === tolerance);
        if (own.length === 0) continue;
        const apart = [
          blockTaps.size > 1 ? tapWords(tap) : '',
          tolerances.length > 1 ? `tolerance ${tolerance}` : '',
        ].filter(Boolean);
        panels.push({
          block,
          tap,
          tolerance,
          points: own,
          published: publishedOf(own, published),
          title: blockWords(block),
          ...(apart.length > 0 && { subtitle: apart.join(', ') }),
        });
      }
    }
    return panels;
  });
  const most = Math.max(...byBlock.map((panels) => panels.length));
  if (most > 1) return byBlock.flatMap((panels) => chunks(panels, Math.min(3, most)));
  return chunks(byBlock.flat(), blocks.length > 4 ? 3 : 2);
}

/** The published points that a panel's own can be compared with: of its output, within its dimension ratios. */
function publishedOf(own: readonly SummaryRow[], published: readonly PublishedPoint[]): PublishedPoint[] {
  const names = new Set(own.map((point) => point.activation));
  const right = Math.max(...own.map((point) => point.dimensionRatio));
  const { block, tap } = own[0]!;
  return published.filter(
    (point) =>
      tap === 'output' &&
      point.block === block &&
      point.dimensionRatio <= right &&
      names.has(point.activation),
  );
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
