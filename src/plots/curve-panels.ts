import type { CurvePoint } from './figure-data.js';
import { blockWords, orderBlocks, orderTaps, tapWords } from './words.js';

/** One panel of the curve figure: one block, tap and tolerance, never two of them in one line. */
export interface CurvePanel {
  readonly block: string;
  readonly tap: string;
  readonly tolerance: string;
  readonly points: readonly CurvePoint[];
  readonly title: string;
  /** What else tells the panel from its neighbours: tap and tolerance, where there are several. */
  readonly subtitle?: string;
}

/** Returns the panels, block by block, and in how many columns they read best. */
export function curvePanels(points: readonly CurvePoint[]): { panels: CurvePanel[]; columns: number } {
  const blocks = orderBlocks(points.map((point) => point.block));
  const taps = orderTaps(points.map((point) => point.tap));
  const tolerances = [...new Set(points.map((point) => point.tolerance))];
  const panels: CurvePanel[] = [];
  for (const block of blocks) {
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
          title: blockWords(block),
          ...(apart.length > 0 && { subtitle: apart.join(', ') }),
        });
      }
    }
  }
  return { panels, columns: columnsFor(panels, blocks.length) };
}

/** One row a block where all blocks have the same two or three panels; else two columns, three for 5 to 9. */
function columnsFor(panels: readonly CurvePanel[], blocks: number): number {
  const each = panels.length / blocks;
  if (each === 2 || each === 3) return each;
  if (panels.length <= 2 || panels.length === 4) return Math.min(2, panels.length);
  return panels.length % 3 === 0 || panels.length > 4 ? 3 : 2;
}
