/** The look of a line among others in a panel. */
export interface LineStyle {
  /** `#rrggbb`. */
  readonly colour: string;
  /** Line dash in pixels, on and off in turn; `[1, 0]` is a solid line. */
  readonly dash: readonly number[];
}

/*
 * Colours of the activations' search (activation-style.ts), which keeps any two apart for normal and for
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
  { colour: '#0a5451', dash: [1.5, 2] },
  { colour: '#9c57f5', dash: [7, 2, 1.5, 2] },
  { colour: '#767376', dash: [1.5, 2] },
  { colour: '#ff0e4d', dash: [7, 2, 1.5, 2] },
  { colour: '#2c7899', dash: [1.5, 2] },
];

/** Dashes of the second round of colours and those after it. */
const DASHES = [
  [3, 2],
  [14, 3],
  [7, 2, 1.5, 2, 1.5, 2],
  [10, 2, 3, 2],
  [4, 4],
];

/** Returns a look for each label, in their order. After the twelfth the colours repeat, with other dashes. */
export function lineStyles(labels: Iterable<string>): Map<string, LineStyle> {
  return new Map([...new Set(labels)].map((label, i) => [label, lookOf(i)]));
}

function lookOf(i: number): LineStyle {
  const look = LOOKS[i % LOOKS.length]!;
  const round = Math.floor(i / LOOKS.length);
  return round === 0 ? look : { ...look, dash: DASHES[(round - 1) % DASHES.length]! };
}
