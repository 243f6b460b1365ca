import { type Quadrature, sphereQuadrature } from './harmonics.js';

/**
 * Returns the logarithm of the probability that a number lies between two bounds. The number is the product of a vector of the
 * given lengths, which has a uniform direction, with a unit vector. Normal vectors make it standard normal; vectors of few
 * entries and less varying lengths give it lighter tails.
 */
export function projectionLaw(dimension: number, lengths: Quadrature): (low: number, high: number) => number {
  const { nodes, weights } = sphereQuadrature(dimension);
  // the probability above the lower end of each node's cell; cells are equally wide in the angle, of which nodes are sines
  const last = nodes.length - 1;
  const reach = Math.asin(nodes[last]!);
  const above = new Float64Array(nodes.length + 1);
  for (let k = last; k >= 0; k--) above[k] = above[k + 1]! + weights[k]!;
  const tail = (t: number) => {
    const angle = Math.asin(Math.max(-1, Math.min(1, t)));
    const place = Math.max(0, Math.min(nodes.length, ((angle / reach + 1) / 2) * last + 0.5));
    const k = Math.min(Math.floor(place), last);
    return above[k]! + (place - k) * (above[k + 1]! - above[k]!);
  };
  const mean = (t: number) =>
    lengths.nodes.reduce((sum, length, j) => sum + lengths.weights[j]! * tail(t / length), 0);
  // both tails, since a probability near 1 has lost its digits
  return (low, high) => Math.log1p(-Math.min(1, mean(high) + mean(-low)));
}
