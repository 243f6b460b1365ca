import { lastOf } from '../lookups.js';
import { type ChannelShape, type Knot, piecewiseShape } from '../networks/channel-curve.js';
import { nextUnit, type Stream } from '../random/stream.js';

/**
 * Returns a random piecewise linear shape of the family in the paper's search. Knots lie on a random subset of the
 * blocks, and each piece between them is constant or rising. The number of knots and of rising pieces is drawn anew for
 * each shape, so that straight lines, stages and everything between occur.
 */
export function drawShape(stream: Stream, blocks: number): ChannelShape {
  if (blocks === 1) return piecewiseShape(1, [{ block: 1, height: 0 }]);
  const knotted = nextUnit(stream);
  const rising = nextUnit(stream);
  const ends = Array.from({ length: blocks - 2 }, (_, i) => i + 2).filter(() => nextUnit(stream) < knotted);
  ends.push(blocks);
  const slopes = ends.map((): number => (nextUnit(stream) < rising ? -Math.log(nextUnit(stream)) : 0));
  // at least one piece must rise
  if (!slopes.some((slope) => slope > 0)) slopes[Math.floor(nextUnit(stream) * slopes.length)] = 1;
  const knots: Knot[] = [{ block: 1, height: 0 }];
  for (const [i, block] of ends.entries()) {
    const from = lastOf(knots);
    knots.push({ block, height: from.height + slopes[i]! * (block - from.block) });
  }
  return piecewiseShape(blocks, knots);
}
