import type { TopLevelSpec } from 'vega-lite';
import {
  maybe,
  numberThat,
  oneOf,
  readOptions,
  strict,
  valueThat,
  type OptionEntries,
} from '../../schema.js';
import { FIGURE_THEMES, recoloured, type FigureTheme } from './themes.js';

/** One cell of the data a figure is drawn from. */
export type FigureValue = string | number | boolean | null;

/** One row of the data a figure is drawn from. */
export type FigureRow = Readonly<Record<string, FigureValue>>;

/** A figure as plain, JSON-serialisable data: what is drawn, how, and in which words. */
export interface Figure {
  /** Name in kebab-case: `curve`, `spectrum`. */
  readonly name: string;
  /** The complete Vega-Lite specification, data included. */
  readonly spec: TopLevelSpec;
  /** The same figure for a screen about as wide as a phone; absent if the figure is narrow anyway. */
  readonly narrowSpec?: TopLevelSpec | undefined;
  /** The exact rows behind the marks, by the name of their data set. */
  readonly data: Readonly<Record<string, readonly FigureRow[]>>;
  readonly title: string;
  /** What the figure shows, in words, for a reader who cannot see it. */
  readonly description: string;
  /** The size of the drawing, if one was requested. */
  readonly size?: FigureSize | undefined;
}

/** The size of a drawing: the layout of its specification times `scale`, with paper added up to the size. */
export interface FigureSize {
  readonly scale: number;
  /** In pixels; a layout that is larger is scaled down further. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** The words around a figure, its size and its colours; each has a default. */
export interface FigureOptions {
  /** The line at the top. @default what the figure shows */
  readonly title?: string | undefined;
  /** The quieter line under it. @default how many layers each point stands for and what the bands are */
  readonly subtitle?: string | undefined;
  /** A note at the foot, such as the protocol. @default none */
  readonly caption?: string | undefined;
  /** Width of the whole figure, in pixels; a pixel is a point in PDF. @default what its panels need */
  readonly width?: number | undefined;
  /** Height of the whole figure, in pixels. @default what its panels need */
  readonly height?: number | undefined;
  /**
   * Height of the small type (axes, names, caption), in pixels; all other type follows it. A figure of width 252 with
   * type of 7 fits a column of a paper.
   * @default 11
   */
  readonly fontSize?: number | undefined;
  /** Colours for white paper, for a dark page, or for black ink. @default 'light' */
  readonly theme?: FigureTheme | undefined;
}

/** An option of figures that have rank ratios along an axis. */
export interface RatioRangeOption {
  /** The rank ratios at the ends of the axis, low and high, within [0, 1]. @default [0, 1] */
  readonly ratioRange?: readonly [low: number, high: number] | undefined;
}

/** The default height of the small type; layouts are made for it and then scaled. */
export const BASE_FONT_SIZE = 11;

const words = valueThat<string>((value) => typeof value === 'string', 'a text');
const between = (min: number, max: number) =>
  numberThat((x) => x >= min && x <= max, `a number from ${min} to ${max}`);

/** The options that every figure has, by key. */
export const figureOptions = {
  title: maybe(words),
  subtitle: maybe(words),
  caption: maybe(words),
  width: maybe(between(100, 10_000)),
  height: maybe(between(80, 20_000)),
  fontSize: maybe(between(4, 48)),
  theme: maybe(oneOf(FIGURE_THEMES)),
} satisfies OptionEntries<FigureOptions>;

/** The option of figures that have rank ratios along an axis. */
export const ratioRangeOption = {
  ratioRange: maybe(
    valueThat<readonly [number, number]>(isRange, 'two numbers from 0 to 1, the lower first'),
  ),
} satisfies OptionEntries<RatioRangeOption>;

/**
 * Refuses options that a figure does not have.
 * @param own the options of the figure besides those of all figures
 * @throws RangeError if an option is unknown, or its value is not allowed
 */
export function checkFigureOptions<T extends FigureOptions>(
  options: T,
  own: OptionEntries<Omit<T, keyof FigureOptions>> = {} as never,
): void {
  readOptions(strict({ ...figureOptions, ...own }), options);
}

function isRange(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [low, high] = value as unknown[];
  return typeof low === 'number' && typeof high === 'number' && low >= 0 && low < high && high <= 1;
}

/** Returns a figure in the colours and the size of its options. */
export function finishFigure(figure: Figure, options: FigureOptions): Figure {
  const { width, height, fontSize = BASE_FONT_SIZE, theme = 'light' } = options;
  const sized = width !== undefined || height !== undefined || fontSize !== BASE_FONT_SIZE;
  return {
    ...figure,
    spec: recoloured(figure.spec, theme),
    ...(figure.narrowSpec && { narrowSpec: recoloured(figure.narrowSpec, theme) }),
    ...(sized && {
      size: {
        scale: fontSize / BASE_FONT_SIZE,
        ...(width !== undefined && { width }),
        ...(height !== undefined && { height }),
      },
    }),
  };
}

/**
 * Returns the rows as JSON can hold them: a number that is not finite becomes null.
 * @param digits significant digits of numbers that are not whole; default: all, but where thousands of points are
 * drawn, more than the eye sees only make the files large
 */
export function jsonRows(rows: readonly object[], digits?: number): FigureRow[] {
  const shorter = (value: number) =>
    digits === undefined || Number.isInteger(value) ? value : Number(value.toPrecision(digits));
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key,
        typeof value !== 'number' ? (value as FigureValue) : Number.isFinite(value) ? shorter(value) : null,
      ]),
    ),
  );
}
