import { invalid } from '../errors.js';
import { firstOf, lastOf } from '../lookups.js';
import {
  type ChannelShape,
  type Knot,
  linearShape,
  piecewiseShape,
  shapeHeights,
  stageShape,
} from '../networks/channel-curve.js';

/** The shapes that a design can have. */
export type DesignShape = 'linear' | 'stage' | 'piecewise';

export const designShapes: readonly DesignShape[] = ['linear', 'stage', 'piecewise'];

/**
 * Returns the shapes of a name, in the order of trial.
 *
 * - `linear`: f(i) = i.
 * - `stage`: constant on each stage, f = 1, g, g^2, ...; g is 2, so that steps double when the image is halved, or the
 * nearest suitable tenth from 1 to 3.
 * - `piecewise`: without knots, constant up to a block and linear from there, or linear and then constant, the
 * straightest first. With knots: the curve bends on these blocks and nowhere else, its heights there in quarters of
 * the rise, the straightest first.
 *
 * @param stages the lengths of the stages
 * @param knots blocks between the first and the last
 * @throws RangeError for knots outside these blocks, more than four, or out of order
 */
export function shapesNamed(
  shape: DesignShape,
  { stages, knots }: { readonly stages: readonly number[]; readonly knots?: readonly number[] | undefined },
): ChannelShape[] {
  const blocks = stages.reduce((sum, length) => sum + length, 0);
  if (knots && shape !== 'piecewise')
    throw invalid('knots', wrongKnots(knots), 'none, unless the shape is piecewise');
  if (shape === 'linear') return [linearShape(blocks)];
  if (shape === 'stage') {
    return growths.map((growth) =>
      stageShape(
        stages,
        stages.map((_, i) => growth ** i),
      ),
    );
  }
  const shapes = knots ? bentAt(blocks, checkKnots(knots, blocks)) : partlyConstant(blocks);
  return shapes.length > 0 ? shapes.sort((one, other) => bend(one) - bend(other)) : [linearShape(blocks)];
}

/** 2, 1.9, 2.1, 1.8, ..., 3: from stage to stage. */
const growths = [2, ...Array.from({ length: 9 }, (_, i) => [19 - i, 21 + i]).flat(), 30].map((growth) =>
  growth > 2 ? growth / 10 : growth,
);

/** Returns the root mean square distance of a shape from the straight line, relative to its rise. */
export function bend(shape: ChannelShape): number {
  const heights = shapeHeights(shape);
  const steps = heights.length - 1;
  const first = firstOf(heights);
  const rise = lastOf(heights) - first || 1;
  const squares = heights.map((height, i) => ((height - first) / rise - i / (steps || 1)) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / heights.length);
}

function partlyConstant(blocks: number): ChannelShape[] {
  return Array.from({ length: Math.max(0, blocks - 2) }, (_, i) => i + 2).flatMap((block) =>
    [0, 1].map((height) => withKnots(blocks, [{ block, height }])),
  );
}

function bentAt(blocks: number, knots: readonly number[]): ChannelShape[] {
  let heights: number[][] = [[]];
  for (let i = 0; i < knots.length; i++) {
    heights = heights.flatMap((list) =>
      [0, 0.25, 0.5, 0.75, 1].filter((next) => next >= (list.at(-1) ?? 0)).map((next) => [...list, next]),
    );
  }
  return heights
    .map((list) =>
      withKnots(
        blocks,
        knots.map((block, i) => ({ block, height: list[i]! })),
      ),
    )
    .filter((shape) => bend(shape) > 1e-9);
}

/** Returns the shape with these knots, from height 0 on the first block to 1 on the last. */
function withKnots(blocks: number, knots: readonly Knot[]): ChannelShape {
  return piecewiseShape(blocks, [{ block: 1, height: 0 }, ...knots, { block: blocks, height: 1 }]);
}

/** Returns knots for an error: as text if they are numbers, since anything else may be too deep for text. */
function wrongKnots(knots: unknown): unknown {
  if (!Array.isArray(knots)) return knots;
  if (knots.length === 0) return 'none';
  return knots.every((knot) => typeof knot === 'number') ? knots.join() : knots;
}

function checkKnots(knots: readonly number[], blocks: number): readonly number[] {
  if (!Array.isArray(knots)) throw invalid('knots', knots, 'a list of blocks');
  const wrong = knots.some(
    (block, i) => !Number.isInteger(block) || block <= (knots[i - 1] ?? 1) || block >= blocks,
  );
  if (wrong || knots.length === 0 || knots.length > 4) {
    throw invalid('knots', wrongKnots(knots), `one to four blocks between 1 and ${blocks}, in order`);
  }
  return knots;
}
