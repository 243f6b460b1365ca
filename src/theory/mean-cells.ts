import { sphereQuadrature } from './harmonics.js';

/** How a number per row is drawn: its law, with mean 0, and its standard deviation. */
export interface Law {
  readonly name: 'normal' | 'uniform';
  readonly deviation: number;
}

/** Rows whose means are about as large. */
export interface MeanCell {
  /** The mean, in units of `RowSpread.between`; a shift as it is. */
  readonly value: number;
  readonly share: number;
  /** Means within the cell, with their shares of it. */
  readonly parts: readonly { readonly value: number; readonly share: number }[];
}

/** Cells, as far as so many standard deviations; the outer two have no end. */
const MEANS = 7;
const LAST_MEAN = 2.5;
/** Parts of a cell over which the share of silent rows is averaged. */
const PARTS = 40;
/** Nodes of a law that stands alone, and of two laws beside each other. */
const MANY_NODES = 1201;
const NODES_BESIDE = 121;
/** As far as so many standard deviations the outer cells and the normal nodes go. */
const REACH = 6;

/**
 * Returns cells of the law of a row's mean over the deviation within it. The mean of the inputs makes it by the row's
 * direction, a coordinate on a sphere; a bias makes the rest, which is divided by the length of the row's normal weights.
 *
 * @param alignment correlation of means and directions
 */
export function meanCells(dimension: number, alignment: number): MeanCell[] {
  const sphere = alignment > 0 ? sphereQuadrature(dimension, MANY_NODES) : { nodes: [0], weights: [1] };
  const byInputs = alignment * Math.sqrt(dimension);
  const byBias = Math.sqrt(((1 - alignment ** 2) * dimension) / Math.max(dimension - 2, 1));
  const normal =
    byBias > 0 ? normalNodes(alignment > 0 ? NODES_BESIDE : MANY_NODES) : [{ value: 0, share: 1 }];
  const deviation = Math.hypot(alignment, byBias);

  return cellsOf(means(), { deviation, last: deviation * LAST_MEAN, reach: deviation * REACH });

  function* means(): Iterable<Node> {
    for (const [k, c] of sphere.nodes.entries())
      for (const { value, share } of normal)
        yield { value: byInputs * c + byBias * value, share: share * sphere.weights[k]! };
  }
}

/** Returns cells of a law. */
export function lawCells({ name, deviation }: Law): MeanCell[] {
  if (name === 'normal') {
    const nodes = normalNodes(MANY_NODES).map(({ value, share }) => ({ value: deviation * value, share }));
    return cellsOf(nodes, { deviation, last: deviation * LAST_MEAN, reach: deviation * REACH });
  }
  const bound = Math.sqrt(3) * deviation;
  const count = MEANS * PARTS;
  const nodes = Array.from({ length: count }, (_, k) => ({
    value: bound * ((2 * k + 1) / count - 1),
    share: 1 / count,
  }));
  return cellsOf(nodes, { deviation, last: bound, reach: bound });
}

interface Node {
  readonly value: number;
  readonly share: number;
}

/** The standard deviation of a law; where its cells cease to be equally wide, and where the outer two end. */
interface Ends {
  readonly deviation: number;
  readonly last: number;
  readonly reach: number;
}

/** Returns cells of a law, given as nodes. */
function cellsOf(nodes: Iterable<Node>, { deviation, last, reach }: Ends): MeanCell[] {
  const width = (2 * last) / MEANS;
  const cells = Array.from({ length: MEANS }, () => ({
    share: 0,
    parts: Array.from({ length: PARTS }, () => ({ value: 0, share: 0 })),
  }));
  for (const { value, share } of nodes) {
    const place = value / width + MEANS / 2;
    const at = Math.max(0, Math.min(MEANS - 1, Math.floor(place)));
    // the outer cells are as wide as all beyond them
    const [low, high] = [
      at === 0 ? MEANS / 2 - reach / width : at,
      at === MEANS - 1 ? MEANS / 2 + reach / width : at + 1,
    ];
    const part = Math.max(0, Math.min(PARTS - 1, Math.floor(((place - low) / (high - low)) * PARTS)));
    const cell = cells[at]!;
    cell.share += share;
    cell.parts[part]!.value += share * value;
    cell.parts[part]!.share += share;
  }
  const found = cells
    .filter(({ share }) => share > 0)
    .map(({ share, parts }) => {
      const value = parts.reduce((sum, part) => sum + part.value, 0) / share;
      const own = parts.filter((part) => part.share > 0);
      return {
        value,
        share,
        parts: own.map((part) => ({ value: part.value / part.share, share: part.share / share })),
      };
    });
  // the values of cells vary less than what is in them
  const gain = deviation / Math.sqrt(found.reduce((sum, { value, share }) => sum + share * value ** 2, 0));
  return found.map((cell) => ({ ...cell, value: gain * cell.value }));
}

function normalNodes(count: number): Node[] {
  const nodes = Array.from({ length: count }, (_, k) => REACH * ((2 * k) / (count - 1) - 1));
  const densities = nodes.map((x) => Math.exp(-0.5 * x * x));
  const sum = densities.reduce((a, b) => a + b, 0);
  return nodes.map((value, k) => ({ value, share: densities[k]! / sum }));
}
