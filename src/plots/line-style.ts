/** How a line looks among others in a panel. */
export interface LineStyle {
  /** `#rrggbb`. */
  readonly colour: string;
  /** Line dash in pixels, on and off in turn; `[1, 0]` is a solid line. */
  readonly dash: readonly number[];
}

/*
 * Colours of the nonlinearities' search (nonlinearity-style.ts), which keeps any two apart for normal and for
 * colour-blind sight, reordered so that the first few are the farthest apart.
 */
const LOOKS: readonly LineStyle[] = [
  { colour: '#2947c6', dash: [1, 0] },
  { colour: '#e69f00', dash: [1, 0] },
  { colour: '#b52708', dash: [1, 0] },
  { colour: '#1e9865', dash: [6, 2.5] },
  { colour: '#590169', dash: [1, 0] },
  { colour: '#2fb1f5', dash: [6, 2.5] },
  { colour: '#b192b1', dash: [1, 0] },
  { colour: '#4d4656', dash: [1.5, 2] },
  { colour: '#8b62f5', dash: [7, 2, 1.5, 2] },
  { colour: '#7b1c00', dash: [1.5, 2] },
  { colour: '#e75300', dash: [7, 2, 1.5, 2] },
  { colour: '#985e9a', dash: [1.5, 2] },
];

/** Returns a look for each label, in their order; past the twelfth they begin again. */
export function lineStyles(labels: Iterable<string>): Map<string, LineStyle> {
  return new Map([...new Set(labels)].map((label, i) => [label, LOOKS[i % LOOKS.length]!]));
}
