/** A number that stands for a share of a range. */
export interface RangeNode {
  readonly value: number;
  readonly share: number;
}

/** Returns Gauss-Legendre nodes of an interval, on which numbers are uniform; one where it has no length. */
export function gaussNodes([low, high]: readonly [number, number], count: 2 | 3): RangeNode[] {
  if (low === high) return [{ value: low, share: 1 }];
  return RULES[count].map(({ at, share }) => ({ value: (low + high + at * (high - low)) / 2, share }));
}

const RULES = {
  2: [
    { at: -Math.sqrt(1 / 3), share: 1 / 2 },
    { at: Math.sqrt(1 / 3), share: 1 / 2 },
  ],
  3: [
    { at: -Math.sqrt(3 / 5), share: 5 / 18 },
    { at: 0, share: 4 / 9 },
    { at: Math.sqrt(3 / 5), share: 5 / 18 },
  ],
} as const;
