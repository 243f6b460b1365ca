import { GRID, GUIDE, INK, PAPER, QUIET } from './theme.js';

/** The colours of a figure: for white paper or pages, for dark ones, or for black ink. */
export const FIGURE_THEMES = ['light', 'dark', 'print'] as const;

export type FigureTheme = (typeof FIGURE_THEMES)[number];

/** The paper of the dark theme, also of the HTML page in dark mode. */
export const DARK_PAPER = '#1b1e22';

/** The colours that each theme has in place of the light one's. The colours of marks are not among them. */
const REPLACED: Readonly<Record<FigureTheme, Readonly<Record<string, string>>>> = {
  light: {},
  dark: { [PAPER]: DARK_PAPER, [INK]: '#eceef0', [QUIET]: '#aab1ba', [GUIDE]: '#767e88', [GRID]: '#30353b' },
  print: { [INK]: '#000000', [QUIET]: '#222222', [GUIDE]: '#555555', [GRID]: '#dddddd' },
};

/** The smallest contrast of a line with its paper (WCAG 2.2, 1.4.11 asks for 3). */
const MIN_CONTRAST = 3;

/**
 * Returns a specification in the colours of a theme. Lines and points that would vanish on dark paper become lighter;
 * colour scales of numbers, as in heat maps, stay, and so do texts on them.
 */
export function recoloured<T>(spec: T, theme: FigureTheme): T {
  if (theme === 'light') return spec;
  return replaceColours(spec, (colour) => themeColour(colour, theme)) as T;
}

/** Returns the dark theme's replacement of each colour of a specification, for pages that change themes. */
export function darkColours(spec: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  replaceColours(spec, (colour) => {
    const dark = themeColour(colour, 'dark');
    if (dark !== colour) found[colour] = dark;
    return colour;
  });
  return found;
}

function themeColour(colour: string, theme: FigureTheme): string {
  return REPLACED[theme][colour] ?? (theme === 'dark' ? lightened(colour) : colour);
}

/** The keys under which a specification, of Vega-Lite or of Vega, has colours; elsewhere the same text is a name. */
const COLOUR_KEY = /color$|^(?:stroke|fill|background|range|value|signal)$/i;

/** Applies `replace` to every `#rrggbb` of a specification but in the scales of numbers. */
function replaceColours(value: unknown, replace: (colour: string) => string, key = ''): unknown {
  if (typeof value === 'string')
    return COLOUR_KEY.test(key) && /^#[0-9a-f]{6}$/.test(value) ? replace(value) : value;
  if (Array.isArray(value)) return value.map((item) => replaceColours(item, replace, key));
  if (typeof value !== 'object' || value === null || 'interpolate' in value) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, replaceColours(item, replace, name)]);
  return Object.fromEntries(entries);
}

/** Returns the colour, mixed with enough white to stand out from dark paper. */
function lightened(colour: string): string {
  const own = channels(colour);
  // black and greys are told apart by their distance from the paper
  const grey = Math.max(...own) - Math.min(...own) < 8;
  const from = grey ? own.map((value) => 255 - value) : own;
  for (let white = 0; white <= 1; white += 0.05) {
    const mixed = from.map((value) => Math.round(value + white * (255 - value)));
    if (contrast(mixed, channels(DARK_PAPER)) >= MIN_CONTRAST)
      return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  }
  return '#ffffff';
}

const channels = (colour: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** Contrast ratio of two sRGB colours: (L1 + 0.05) / (L2 + 0.05) of their relative luminances (WCAG 2.2). */
export function contrast(a: readonly number[], b: readonly number[]): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(rgb: readonly number[]): number {
  const linear = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => sum + weight * (linear[i] ?? 0), 0);
}
