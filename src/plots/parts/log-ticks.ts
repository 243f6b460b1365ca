/** The first digits of ticks, sparse to dense. */
const digits: readonly (readonly number[])[] = [
  [1, 2, 5],
  [1, 2, 3, 4, 5, 6, 7, 8, 9],
  Array.from({ length: 18 }, (_, i) => 1 + i / 2),
  Array.from({ length: 45 }, (_, i) => (5 + i) / 5),
  Array.from({ length: 90 }, (_, i) => (10 + i) / 10),
];

/**
 * Returns the ticks of a logarithmic axis within [low, high]. They are 1, 2, 5, 10, 20, ... times powers of ten, or
 * denser where those are fewer than three.
 */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const count = Math.ceil(Math.log10(high)) - first + 1;
  let ticks: number[] = [];
  for (const some of digits) {
    ticks = Array.from({ length: count }, (_, i) => some.map((n) => Number(`${n}e${first + i}`)))
      .flat()
      .filter((value) => low <= value && value <= high);
    if (ticks.length > 2) break;
  }
  return ticks;
}
