/** The place of a line's name beside the line's end. */
export interface EndLabel {
  readonly name: string;
  /** The line's last value. */
  readonly value: number;
  /** Where the label's middle is put, in the same unit as the value. */
  readonly place: number;
}

/** The end of a line that wants a label. */
export interface LineEnd {
  readonly name: string;
  readonly value: number;
  /** The line's mean, which orders lines that end at nearly the same value. */
  readonly mean: number;
}

/**
 * Returns a place for each label so that any two are at least `gap` apart. None lies outside [low, high] as long as
 * there is room, and the sum of squared moves is the smallest possible. Labels keep the order of the lines' ends, top
 * first; ends closer than `tie` are ordered by the lines' means, as the eye sees the lines.
 *
 * Method: the pool-adjacent-violators algorithm for isotonic regression, on places shifted by the gaps.
 */
export function placeEndLabels(
  ends: readonly LineEnd[],
  options: { gap: number; tie: number; low: number; high: number },
): EndLabel[] {
  const { gap, tie, low, high } = options;
  const sorted = orderEnds(ends, tie);
  // With u_i = -(value_i) - i * gap, "at least gap apart, going down" is "u does not decrease".
  const blocks: { sum: number; count: number }[] = [];
  for (const [i, end] of sorted.entries()) {
    let [sum, count] = [-end.value - i * gap, 1];
    for (let last = blocks.at(-1); last && last.sum / last.count > sum / count; last = blocks.at(-1)) {
      [sum, count] = [last.sum + sum, last.count + count];
      blocks.pop();
    }
    blocks.push({ sum, count });
  }
  const shifted = blocks.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
  const span = gap * Math.max(0, sorted.length - 1);
  const floor = Math.min(low, high - span);
  return sorted.map(({ name, value }, i) => {
    const place = -(shifted[i]! + i * gap);
    const max = high - i * gap;
    const min = floor + (sorted.length - 1 - i) * gap;
    return { name, value, place: Math.max(min, Math.min(max, place)) };
  });
}

function orderEnds(ends: readonly LineEnd[], tie: number): LineEnd[] {
  const sorted = [...ends].sort((a, b) => b.value - a.value || b.mean - a.mean);
  for (let swapped = true; swapped;) {
    swapped = false;
    for (let i = 0; i + 1 < sorted.length; i++) {
      const [upper, lower] = [sorted[i]!, sorted[i + 1]!];
      if (upper.value - lower.value < tie && upper.mean < lower.mean) {
        sorted.splice(i, 2, lower, upper);
        swapped = true;
      }
    }
  }
  return sorted;
}
