/** Returns the ticks of a logarithmic axis: 1, 2, 5, 10, 20, ... times powers of ten, within [low, high]. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const count = Math.ceil(Math.log10(high)) - first + 1;
  const all = Array.from({ length: count }, (_, i) => [1, 2, 5].map((n) => Number(`${n}e${first + i}`)));
  return all.flat().filter((value) => low <= value && value <= high);
}
