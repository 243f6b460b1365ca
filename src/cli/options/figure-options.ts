import { invalid } from '../../errors.js';
import {
  BASE_FONT_SIZE,
  checkFigureOptions,
  ratioRangeOption,
  type FigureOptions,
  type RatioRangeOption,
} from '../../plots/render/figure.js';
import { FIGURE_FORMATS, type FigureFormat } from '../../plots/render/render.js';
import { FIGURE_THEMES } from '../../plots/render/themes.js';
import { choice, choices, text, toggle, type OptionValues } from './option.js';

/** The option `--overlay` of commands that draw curves. */
export const overlayOption = toggle(
  "Draw the published figure's points over the curves, and print the error",
  { default: 'if the protocol is `fitted`' },
);

/** Returns the options of commands that draw figures: the files, and the words, size and colours of each figure. */
export function figureFlags<const G extends string>(group: G) {
  return {
    formats: choices(`Figure files: ${FIGURE_FORMATS.join(', ')}`, FIGURE_FORMATS, { group, default: 'all' }),
    title: text('Title of the figure', { group, default: 'its content' }),
    width: text('Width of the figure in pixels, which are points in PDF; 252 is a column of a paper', {
      group,
      default: 'as its panels need',
    }),
    height: text('Height of the figure in pixels', { group, default: 'as its panels need' }),
    fontSize: text('Size of the small type in pixels; other sizes follow it', {
      group,
      default: String(BASE_FONT_SIZE),
    }),
    theme: choice('Colours: light (white paper), dark (a dark page), print (black ink)', FIGURE_THEMES, {
      group,
      default: 'light',
    }),
    ratioRange: text('Ends of the axis of rank ratios, as LOW:HIGH', { group, default: '0:1' }),
  };
}

/** The values of the figure flags. */
export interface FigureRequest {
  /** Each format once; all formats by default. */
  readonly formats: readonly FigureFormat[];
  readonly figure: FigureOptions & RatioRangeOption;
}

/** Reads the figure flags. @throws RangeError for an invalid number */
export function readFigureFlags(
  values: Partial<OptionValues<ReturnType<typeof figureFlags>>>,
): FigureRequest {
  const { formats = FIGURE_FORMATS, title, theme } = values;
  const figure = {
    ...(title !== undefined && { title }),
    ...readNumber('width', values.width),
    ...readNumber('height', values.height),
    ...readNumber('fontSize', values.fontSize),
    ...(theme !== undefined && { theme }),
    ...(values.ratioRange !== undefined && { ratioRange: readRange(values.ratioRange) }),
  };
  checkFigureOptions<FigureOptions & RatioRangeOption>(figure, ratioRangeOption);
  return { formats: [...new Set(formats)], figure };
}

function readNumber<const N extends string>(
  name: N,
  value: string | undefined,
): { readonly [K in N]?: number | undefined } {
  if (value === undefined) return {};
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (!/^\d+(?:\.\d+)?$/.test(value.trim())) throw invalid(flag, value, 'a number of pixels');
  return { [name]: Number(value) } as { readonly [K in N]?: number | undefined };
}

function readRange(value: string): [number, number] {
  const parts = value.split(':').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [low = NaN, high = NaN] = parts;
  if (parts.length !== 2 || !(low >= 0 && low < high && high <= 1))
    throw invalid('ratio-range', value, 'LOW:HIGH with 0 <= LOW < HIGH <= 1, such as 0.8:1');
  return [low, high];
}
