import { shortLabels } from './short-labels.js';

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

/*
 * No two share colour, dash or shape. The eight of the paper's figure have the colours they had from the first; those
 * of the other six come from a search that maximised the smallest CIEDE2000 difference of any two, for normal sight and
 * for simulated protanopia and deuteranopia at once. test/plots/parts/nonlinearity-style.test.ts holds the bounds.
 */
const KNOWN: Readonly<Record<string, NonlinearityStyle>> = {
  linear: { label: 'Linear', colour: '#222222', dash: [1, 0], shape: 'circle' },
  relu6: { label: 'ReLU6', colour: '#e69f00', dash: [6, 2.5], shape: 'triangle-left' },
  relu: { label: 'ReLU', colour: '#b52708', dash: [14, 3], shape: 'square' },
  leakyRelu: { label: 'LeakyReLU', colour: '#b192b1', dash: [3, 2], shape: 'triangle-down' },
  elu: { label: 'ELU', colour: '#2947c6', dash: [7, 2, 1.5, 2], shape: 'triangle-up' },
  softplus: { label: 'Softplus', colour: '#2fb1f5', dash: [1.5, 2], shape: 'diamond' },
  hardSwish: { label: 'Hard swish', colour: '#1e9865', dash: [10, 2, 3, 2], shape: 'cross' },
  silu: { label: 'SiLU', colour: '#590169', dash: [7, 2, 1.5, 2, 1.5, 2], shape: STAR },
  gelu: { label: 'GELU', colour: '#2c7899', dash: [4, 4], shape: 'triangle-right' },
  mish: { label: 'Mish', colour: '#0a5451', dash: [14, 3, 1.5, 3], shape: SALTIRE },
  selu: { label: 'SELU', colour: '#ff0e4d', dash: [3, 2, 1.5, 2], shape: HOURGLASS },
  tanh: { label: 'Tanh', colour: '#767376', dash: [1.5, 4], shape: BOW_TIE },
  sigmoid: { label: 'Sigmoid', colour: '#0d2c00', dash: [10, 2, 3, 2, 3, 2], shape: BAR },
  hardSigmoid: {
    label: 'Hard sigmoid',
    colour: '#9c57f5',
    dash: [12, 2, 1.5, 2, 1.5, 2, 1.5, 2],
    shape: PILLAR,
  },
};

/** Looks kept for functions a user passes in, none of which a built-in nonlinearity has. */
const SPARE: readonly Omit<NonlinearityStyle, 'label'>[] = [
  { colour: '#6b7a8f', dash: [1, 0], shape: 'triangle-right' },
  { colour: '#00868b', dash: [1.5, 2], shape: 'triangle-down' },
  { colour: '#a0785a', dash: [14, 3], shape: 'triangle-left' },
  { colour: '#c2378a', dash: [6, 2.5], shape: 'diamond' },
  { colour: '#5f8a00', dash: [7, 2, 1.5, 2], shape: 'circle' },
  { colour: '#7a6a00', dash: [7, 2, 1.5, 2, 1.5, 2], shape: 'cross' },
];

/** The built-in nonlinearities in the order figures list them: the eight of the paper first. */
export const NONLINEARITIES: readonly string[] = Object.keys(KNOWN);

/**
 * Returns the look of every nonlinearity named, in the order figures list them: built-in ones first, in the
 * order of `NONLINEARITIES`, then a user's own by name. A name that is not built in takes its look from a hash
 * of the name, so it keeps it from figure to figure unless another of the user's names in the same figure
 * has taken it first. Labels are short, on one line, and all different.
 */
export function nonlinearityStyles(names: Iterable<string>): Map<string, NonlinearityStyle> {
  const asked = new Set(names);
  const known = NONLINEARITIES.filter((name) => asked.has(name));
  const own = [...asked].filter((name) => !Object.hasOwn(KNOWN, name)).sort();
  const looks = [...known.map((name) => KNOWN[name]!), ...ownLooks(own)];
  const labels = shortLabels([...known.map((name) => KNOWN[name]!.label), ...own]);
  return new Map([...known, ...own].map((name, i) => [name, { ...looks[i]!, label: labels[i]! }]));
}

/** A look each; past the sixth the colours come again, with other dashes and shapes. */
function ownLooks(names: readonly string[]): Omit<NonlinearityStyle, 'label'>[] {
  const free = new Set<number>();
  return names.map((name, i) => {
    if (free.size === 0) SPARE.forEach((_, slot) => free.add(slot));
    let slot = hash(name) % SPARE.length;
    while (!free.has(slot)) slot = (slot + 1) % SPARE.length;
    free.delete(slot);
    const round = Math.floor(i / SPARE.length);
    const dash = SPARE[(slot + round) % SPARE.length]!.dash;
    const shape = SPARE[(slot + round + Math.floor(round / SPARE.length)) % SPARE.length]!.shape;
    return { colour: SPARE[slot]!.colour, dash, shape };
  });
}

/** FNV-1a over UTF-16 code units: small, and the same on every machine. */
function hash(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}
