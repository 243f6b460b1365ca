/** How a nonlinearity looks: the same in every figure, whatever else is drawn there. */
export interface NonlinearityStyle {
  /** The name a reader sees: `Hard swish`. */
  readonly label: string;
  /** `#rrggbb`. */
  readonly colour: string;
  /** Line dash in pixels, on and off in turn; `[1, 0]` is a solid line. */
  readonly dash: readonly number[];
  /** Vega point shape: a name, or an SVG path about as large as the square [-1, 1]. */
  readonly shape: string;
}

const STAR = 'M0,-1.3L.31,-.42L1.24,-.4L.49,.16L.76,1.05L0,.52L-.76,1.05L-.49,.16L-1.24,-.4L-.31,-.42Z';
const SALTIRE =
  'M-1.09,-.63L-.63,-1.09L0,-.46L.63,-1.09L1.09,-.63L.46,0L1.09,.63L.63,1.09L0,.46L-.63,1.09L-1.09,.63L-.46,0Z';
const HOURGLASS = 'M-.96,-1.08H.96L-.96,1.08H.96Z';
const BOW_TIE = 'M-1.08,-.96V.96L1.08,-.96V.96Z';
const BAR = 'M-1.15,-.46H1.15V.46H-1.15Z';
const PILLAR = 'M-.46,-1.15H.46V1.15H-.46Z';

const SOLID = [1, 0];
const DASHED = [6, 2.5];
const DASH_DOT = [7, 2, 1.5, 2];
const DOTTED = [1.5, 2];
const LONG = [11, 3];
const DASH_DOT_DOT = [7, 2, 1.5, 2, 1.5, 2];

/*
 * The colours come from a search that maximised the smallest OKLab distance of any two of them, for normal
 * sight and for simulated protanopia, deuteranopia and tritanopia at once; test/plots/nonlinearity-style.test.ts
 * holds the bounds. Two lines of the same dash differ in lightness, so print in grey still tells them apart;
 * the shapes are all different.
 */
const KNOWN: Readonly<Record<string, NonlinearityStyle>> = {
  linear: { label: 'Linear', colour: '#222222', dash: SOLID, shape: 'circle' },
  relu6: { label: 'ReLU6', colour: '#e69f00', dash: DASHED, shape: 'triangle-left' },
  relu: { label: 'ReLU', colour: '#b52708', dash: SOLID, shape: 'square' },
  leakyRelu: { label: 'LeakyReLU', colour: '#b192b1', dash: SOLID, shape: 'triangle-down' },
  elu: { label: 'ELU', colour: '#2947c6', dash: DASH_DOT, shape: 'triangle-up' },
  softplus: { label: 'Softplus', colour: '#2fb1f5', dash: DASH_DOT, shape: 'diamond' },
  hardSwish: { label: 'Hard swish', colour: '#1e9865', dash: DASHED, shape: 'cross' },
  silu: { label: 'SiLU', colour: '#590169', dash: DASHED, shape: STAR },
  gelu: { label: 'GELU', colour: '#7b1c00', dash: DOTTED, shape: 'triangle-right' },
  mish: { label: 'Mish', colour: '#4d4656', dash: LONG, shape: SALTIRE },
  selu: { label: 'SELU', colour: '#e75300', dash: DASH_DOT_DOT, shape: HOURGLASS },
  tanh: { label: 'Tanh', colour: '#985e9a', dash: DOTTED, shape: BOW_TIE },
  sigmoid: { label: 'Sigmoid', colour: '#911594', dash: DASH_DOT_DOT, shape: BAR },
  hardSigmoid: { label: 'Hard sigmoid', colour: '#8b62f5', dash: LONG, shape: PILLAR },
};

/** Looks kept for functions a user passes in, none of which a built-in nonlinearity has. */
const SPARE: readonly Omit<NonlinearityStyle, 'label'>[] = [
  { colour: '#6b7a8f', dash: SOLID, shape: 'triangle-right' },
  { colour: '#00868b', dash: DOTTED, shape: 'triangle-down' },
  { colour: '#a0785a', dash: LONG, shape: 'triangle-left' },
  { colour: '#c2378a', dash: DASHED, shape: 'diamond' },
  { colour: '#5f8a00', dash: DASH_DOT, shape: 'circle' },
  { colour: '#7d7d7d', dash: DASH_DOT_DOT, shape: 'cross' },
];

/** The built-in nonlinearities in the order figures list them: the eight of the paper first. */
export const NONLINEARITIES: readonly string[] = Object.keys(KNOWN);

/**
 * Returns the look of every nonlinearity named, in the order figures list them: built-in ones first, in the
 * order of `NONLINEARITIES`, then a user's own by name. A name that is not built in takes its look from a hash
 * of the name, so it keeps it from figure to figure unless another of the user's names in the same figure
 * has taken it first.
 */
export function nonlinearityStyles(names: Iterable<string>): Map<string, NonlinearityStyle> {
  const asked = new Set(names);
  const styles = new Map<string, NonlinearityStyle>();
  for (const name of NONLINEARITIES) if (asked.has(name)) styles.set(name, KNOWN[name]!);
  const taken = new Set<number>();
  for (const name of [...asked].filter((name) => !Object.hasOwn(KNOWN, name)).sort()) {
    let slot = hash(name) % SPARE.length;
    if (taken.size < SPARE.length) while (taken.has(slot)) slot = (slot + 1) % SPARE.length;
    taken.add(slot);
    styles.set(name, { label: name, ...SPARE[slot]! });
  }
  return styles;
}

/** FNV-1a over UTF-16 code units: small, and the same on every machine. */
function hash(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}
