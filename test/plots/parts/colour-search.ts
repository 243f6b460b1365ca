import { cielab, ciede2000, linearLight, type Triple } from './colour-difference.js';

/**
 * Returns up to eight colours that stand out from white paper and the given ones for every kind of sight. The first one
 * stands out most. They lie on a grid of 18 values per channel.
 */
export function freeColours(others: readonly string[]): string[] {
  const taken = SIGHTS.map((sight) => others.map((colour) => seen(colour, sight)));
  const values = Array.from({ length: 18 }, (_, i) => (15 * i).toString(16).padStart(2, '0'));
  return values
    .flatMap((r) => values.flatMap((g) => values.map((b) => `#${r}${g}${b}`)))
    .filter((colour) => luminance(colour) < MAX_LUMINANCE)
    .map((colour) => ({
      colour,
      margin: Math.min(...SIGHTS.map((sight, i) => margin(colour, sight, taken[i]!))),
    }))
    .filter(({ margin }) => margin > 1)
    .sort((a, b) => b.margin - a.margin)
    .slice(0, 8)
    .map(({ colour }) => colour);
}

/**
 * Colours as seen without one kind of cone, as matrices on linear RGB at full severity. Source: Machado, Oliveira and
 * Fernandes, "A physiologically-based model for simulation of color vision deficiency", IEEE TVCG 15(6), 2009.
 */
const SIGHT = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const satisfies Readonly<Record<string, readonly [Triple, Triple, Triple]>>;

export type Sight = keyof typeof SIGHT;
export const SIGHTS = Object.keys(SIGHT) as readonly Sight[];

/** The smallest difference of any two, by sight: one that is looked for is seen from 2 or 3 on. */
export const BOUNDS: Readonly<Record<Sight, number>> = {
  normal: 18,
  protanopia: 12,
  deuteranopia: 12,
  tritanopia: 3,
};

/** Of a colour on white paper. */
export const MAX_LUMINANCE = 0.45;

/** Returns CIE L*a*b* of a colour `#rrggbb` for one kind of sight. */
export function seen(colour: string, sight: Sight): Triple {
  const rgb = linearLight(colour);
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  return cielab(
    SIGHT[sight].map((row) => clamp(row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2])) as Triple,
  );
}

/** Returns the relative luminance of a colour `#rrggbb`, in [0, 1]. */
export function luminance(colour: string): number {
  const [r, g, b] = linearLight(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Returns the smallest difference from the others, in units of the bound. */
function margin(colour: string, sight: Sight, others: readonly Triple[]): number {
  const own = seen(colour, sight);
  return Math.min(...others.map((other) => ciede2000(own, other))) / BOUNDS[sight];
}
