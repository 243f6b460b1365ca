import { invalid } from '../errors.js';
import { lastOf } from '../lookups.js';
import { type Rounding, roundingNamed } from './rounding.js';

/**
 * A never decreasing function f of the block number 1..d, as in the paper's search. It is linear between knots on a
 * chosen subset of the blocks. A straight line has knots on the first and the last block alone; a stage is two knots of
 * the same height.
 */
export interface ChannelShape {
  /** d, the number of blocks. */
  readonly blocks: number;
  /** In the order of their blocks; the first on block 1, the last on block d. */
  readonly knots: readonly Knot[];
}

export interface Knot {
  /** Block number, from 1. */
  readonly block: number;
  /** The value of f there; at least that of the knot before. */
  readonly height: number;
}

/** The channel configuration c_i = a f(i) + b (Han et al., CVPR 2021, section 4). */
export interface ChannelCurve {
  readonly shape: ChannelShape;
  /** Channels gained by each unit of f; not negative. */
  readonly a: number;
  /** Channels where f is 0. */
  readonly b: number;
}

/**
 * Returns the channels of the blocks of a curve, rounded: integers that never decrease.
 *
 * @param rounding how channels become integers. @default `half-to-even`, as the ReXNet authors' code
 * @throws RangeError for a curve that decreases or leaves a block less than one channel
 * @example
 * curveChannels({ shape: linearShape(16), a: 180 / 16, b: 16 - 180 / 16 }); // 16, 27, 38, 50, ..., 185
 */
export function curveChannels({ shape, a, b }: ChannelCurve, rounding: Rounding = 'half-to-even'): number[] {
  if (!(a >= 0 && Number.isFinite(a)))
    throw invalid('slope a', a, 'a number from 0, so that channels never decrease');
  if (!Number.isFinite(b)) throw invalid('offset b', b, 'a number');
  const round = roundingNamed(rounding);
  const channels = shapeHeights(shape).map((height) => round(a * height + b));
  if (channels[0]! < 1) throw invalid('channels', channels[0], 'at least 1 in every block');
  return channels;
}

/** Returns f(1), ..., f(d). @throws RangeError for knots out of order or heights that decrease */
export function shapeHeights(shape: ChannelShape): number[] {
  checkShape(shape);
  const { blocks, knots } = shape;
  let right = 1;
  return Array.from({ length: blocks }, (_, i) => {
    const block = i + 1;
    if (knots.length === 1) return knots[0]!.height;
    if (block > knots[right]!.block) right++;
    const from = knots[right - 1]!;
    const to = knots[right]!;
    // On a knot exactly its height, whatever the rounding of the quotient.
    if (block === to.block) return to.height;
    return from.height + ((to.height - from.height) * (block - from.block)) / (to.block - from.block);
  });
}

/** Returns f(i) = i. */
export function linearShape(blocks: number): ChannelShape {
  checkBlocks(blocks);
  return piecewiseShape(
    blocks,
    blocks === 1
      ? [{ block: 1, height: 1 }]
      : [
          { block: 1, height: 1 },
          { block: blocks, height: blocks },
        ],
  );
}

/**
 * Returns the shape that is constant on each stage.
 *
 * @param repeats how many blocks each stage has
 * @param heights f on each stage, never decreasing. @default 1, 2, 3, ...
 */
export function stageShape(
  repeats: readonly number[],
  heights: readonly number[] = repeats.map((_, stage) => stage + 1),
): ChannelShape {
  if (heights.length !== repeats.length) {
    throw invalid('heights', heights.join(', '), `one a stage, ${repeats.length}`);
  }
  const wrong = repeats.find((times) => !Number.isInteger(times) || times < 1);
  if (wrong !== undefined) throw invalid('stage', wrong, 'a positive number of blocks');
  let last = 0;
  const knots = repeats.flatMap((times, stage) => {
    const first = last + 1;
    last += times;
    const height = heights[stage]!;
    return times === 1
      ? [{ block: first, height }]
      : [
          { block: first, height },
          { block: last, height },
        ];
  });
  return piecewiseShape(last, knots);
}

/** Returns the shape with these knots, checked. */
export function piecewiseShape(blocks: number, knots: readonly Knot[]): ChannelShape {
  const shape = { blocks, knots };
  checkShape(shape);
  return shape;
}

function checkShape(shape: ChannelShape): void {
  if (!isObject(shape)) throw invalid('shape', shape, 'an object with blocks and knots');
  const { blocks, knots } = shape;
  checkBlocks(blocks);
  if (!Array.isArray(knots) || !knots.every(isObject))
    throw invalid('knots', knots, 'a list of knots, each with block and height');
  if (knots[0]?.block !== 1 || lastOf(knots).block !== blocks) {
    const at = knots.map(({ block }) => block).join(', ');
    throw invalid('knots', at, `the first on block 1, the last on block ${blocks}`);
  }
  for (const [i, { block, height }] of knots.entries()) {
    const before = knots[i - 1];
    if (!Number.isInteger(block) || (before && block <= before.block)) {
      throw invalid('knot', block, 'block numbers that increase');
    }
    if (!Number.isFinite(height) || (before && height < before.height)) {
      throw invalid('height', height, 'numbers that never decrease');
    }
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function checkBlocks(blocks: number): void {
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > 100_000)
    throw invalid('blocks', blocks, 'an integer from 1 to 100000');
}
