/** A channel list and its evenness, from stage-wise (0) to linear (1). */
export interface Placed {
  readonly channels: readonly number[];
  readonly evenness: number;
}

const STRATA = 10;
/** Lists closer than this count as the same shape. */
const NEAREST = 0.01;

/**
 * Returns `count` of the lists, spread evenly over the tenths of the range of evenness. Within a tenth, the list
 * farthest from all lists taken so far is taken next (greedy max-min; Gonzalez, 1985). The distance of two lists is the
 * root mean square difference of their channels, each list divided by its mean. A tenth without further lists at least
 * 0.01 away from all taken ones leaves its part to the others.
 *
 * @param pool at least `count` lists, all different
 */
export function spread<T extends Placed>(pool: readonly T[], count: number): T[] {
  const low = Math.min(...pool.map((item) => item.evenness));
  const width = (Math.max(...pool.map((item) => item.evenness)) - low) / STRATA || 1;
  const candidates = pool.map((item): Candidate<T> => {
    const mean = item.channels.reduce((sum, channels) => sum + channels, 0) / item.channels.length;
    return {
      item,
      profile: item.channels.map((channels) => channels / mean),
      stratum: Math.min(STRATA - 1, Math.floor((item.evenness - low) / width)),
      distance: Infinity,
    };
  });
  const taken: T[] = [];
  const take = (from: readonly Candidate<T>[]): boolean => {
    const farthest = from.reduce<Candidate<T> | undefined>(
      (best, next) => (best && best.distance >= next.distance ? best : next),
      undefined,
    );
    if (!farthest) return false;
    taken.push(farthest.item);
    for (const other of candidates) {
      other.distance = Math.min(other.distance, distance(farthest.profile, other.profile));
    }
    farthest.distance = -1;
    return true;
  };
  let open = Array.from({ length: STRATA }, (_, i) => i);
  while (taken.length < count && open.length > 0) {
    open = open.filter(
      (stratum) =>
        taken.length < count &&
        take(candidates.filter((one) => one.stratum === stratum && one.distance >= NEAREST)),
    );
  }
  while (taken.length < count && take(candidates.filter((one) => one.distance >= 0)));
  return taken;
}

interface Candidate<T> {
  readonly item: T;
  readonly profile: readonly number[];
  readonly stratum: number;
  /** Distance to the nearest list taken; -1 for a list that is taken itself. */
  distance: number;
}

function distance(one: readonly number[], other: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i]! - other[i]!) ** 2;
  return Math.sqrt(sum / one.length);
}
