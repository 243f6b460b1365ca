import type { TopLevelSpec } from 'vega-lite';
import { checkOptions } from '../../fields.js';

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
  readonly narrowSpec?: TopLevelSpec;
  /** The exact rows behind the marks, by the name of their data set. */
  readonly data: Readonly<Record<string, readonly FigureRow[]>>;
  readonly title: string;
  /** What the figure shows, in words, for a reader who cannot see it. */
  readonly description: string;
}

/** The words around a figure; each has a default taken from the data. */
export interface FigureOptions {
  /** The line at the top. @default what the figure shows */
  readonly title?: string;
  /** The quieter line under it. @default how many layers each point stands for and what the bands are */
  readonly subtitle?: string;
  /** A note at the foot, such as the protocol. @default none */
  readonly caption?: string;
}

const WORDS = ['title', 'subtitle', 'caption'] as const;

/**
 * Refuses options that a figure does not have.
 * @param own the options of the figure besides its words
 * @throws RangeError if an option is unknown; TypeError if one of the words is not a text
 */
export function checkFigureOptions(options: FigureOptions, own: readonly string[] = []): void {
  checkOptions(options, [...WORDS, ...own]);
  for (const word of WORDS) {
    const given: unknown = options[word];
    if (given !== undefined && typeof given !== 'string')
      throw new TypeError(`invalid ${word}: expected a text, not ${typeof given}`);
  }
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
