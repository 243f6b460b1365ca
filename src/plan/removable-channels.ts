import { centred, roundingOf, type Centred, type GramData } from './centred.js';

/** A channel that other channels, or a constant, can replace. */
export interface RemovableChannel {
  readonly channel: number;
  /** `dead`: zero on every input; `constant`; `combination` of other channels and a constant. */
  readonly kind: 'dead' | 'constant' | 'combination';
  /**
   * A proved bound on the share of the channel that is lost. It is a ratio of root mean squares: the loss / the channel
   * less its mean. 0 for a dead channel.
   */
  readonly residual: number;
  /** The same on held-out inputs, not a bound; null without them. */
  readonly heldOut: number | null;
}

/** The largest loss of a channel that counts as replaceable; float32 and the Gram matrix resolve 1e-6. */
const LOSS = 1e-5;

/**
 * Returns the channels that can be removed without a loss on the inputs seen. A Cholesky factorisation of the centred
 * Gram matrix with pivoting finds them: the channels left over are combinations of the pivots. The loss is bounded with
 * the error of the Gram matrix, so that it is proved for these inputs. A channel that is not zero on held-out inputs is
 * not dead.
 */
export function removableChannels(
  calibrating: GramData,
  heldOut: GramData | null = null,
): RemovableChannel[] {
  const { channels, gram, columns } = calibrating;
  const own = centred(calibrating);
  const others = heldOut && centred(heldOut);
  const unit = roundingOf(columns);
  const errorOf = (i: number) => unit * gram[i * channels + i]!;
  const found: RemovableChannel[] = [];
  const varying: number[] = [];
  for (let i = 0; i < channels; i++) {
    const [all, variance] = [gram[i * channels + i]!, own.entries[i * channels + i]!];
    const later = heldOut?.gram[i * channels + i] ?? 0;
    if (all === 0 && later === 0)
      found.push({ channel: i, kind: 'dead', residual: 0, heldOut: heldOut && 0 });
    else if (variance <= errorOf(i)) {
      const moved = others
        ? Math.sqrt(others.entries[i * channels + i]! / Math.max(later, Number.MIN_VALUE))
        : null;
      const residual = all === 0 ? 0 : Math.sqrt((variance + errorOf(i)) / all);
      found.push({ channel: i, kind: 'constant', residual, heldOut: moved });
    } else varying.push(i);
  }
  const { order, factor, rank } = cholesky(own, varying);
  for (const place of order.slice(rank).map((_, k) => rank + k)) {
    const channel = order[place]!;
    const weights = combination(factor, place, rank);
    // own features less the combination: the quadratic form of (1, -weights), bounded entry by entry
    let size = Math.sqrt(gram[channel * channels + channel]!);
    const members = [channel, ...order.slice(0, rank)];
    const signs = [1, ...Array.from(weights, (weight) => -weight)];
    for (let k = 1; k < members.length; k++)
      size += Math.abs(signs[k]!) * Math.sqrt(gram[members[k]! * channels + members[k]!]!);
    const rest = form(own, members, signs) + unit * size * size;
    const residual = Math.sqrt(Math.max(0, rest) / own.entries[channel * channels + channel]!);
    if (!(residual <= LOSS)) continue;
    const later = others?.entries[channel * channels + channel] ?? 0;
    const moved =
      others && Math.sqrt(Math.max(0, form(others, members, signs)) / Math.max(later, Number.MIN_VALUE));
    found.push({ channel, kind: 'combination', residual, heldOut: moved });
  }
  return found.sort((a, b) => a.channel - b.channel);
}

/** Returns the pivots and the factor L of P C Pᵀ ≈ L Lᵀ. Rows of L have the order of the pivots. */
function cholesky({ size, entries }: Centred, channels: readonly number[]) {
  const order = [...channels];
  const factor = order.map(() => new Float64Array(order.length));
  const rest = order.map((i) => entries[i * size + i]!);
  const first = order.map((i) => entries[i * size + i]!);
  let rank = 0;
  for (; rank < order.length; rank++) {
    // the largest share of its own variance left: channels of any scale count alike
    let best = rank;
    for (let i = rank; i < order.length; i++) if (rest[i]! / first[i]! > rest[best]! / first[best]!) best = i;
    if (!(rest[best]! > (LOSS / 4) ** 2 * first[best]!)) break;
    for (const list of [order, factor, rest, first] as unknown[][])
      [list[rank], list[best]] = [list[best], list[rank]];
    const root = Math.sqrt(rest[rank]!);
    const pivot = factor[rank]!;
    pivot[rank] = root;
    for (let i = rank + 1; i < order.length; i++) {
      const row = factor[i]!;
      let sum = entries[order[i]! * size + order[rank]!]!;
      for (let k = 0; k < rank; k++) sum -= row[k]! * pivot[k]!;
      row[rank] = sum / root;
      rest[i] = rest[i]! - row[rank]! ** 2;
    }
  }
  return { order, factor, rank };
}

/** Returns the weights of the pivots in a channel: the solution of L₁₁ᵀ w = l. */
function combination(factor: readonly Float64Array[], place: number, rank: number): Float64Array {
  const weights = factor[place]!.slice(0, rank);
  for (let k = rank - 1; k >= 0; k--) {
    for (let i = k + 1; i < rank; i++) weights[k]! -= factor[i]![k]! * weights[i]!;
    weights[k]! /= factor[k]![k]!;
  }
  return weights;
}

function form({ size, entries }: Centred, members: readonly number[], signs: readonly number[]): number {
  let sum = 0;
  for (const [a, i] of members.entries()) {
    let line = 0;
    for (const [b, j] of members.entries()) line += signs[b]! * entries[i * size + j]!;
    sum += signs[a]! * line;
  }
  return sum;
}
