import { invalid } from '../../errors.js';
import { BASE_FONT_SIZE, type FigureOptions } from '../render/figure.js';
import { breakLines } from './caption.js';

/** The panels of a figure and the space around them. Pixels are those of its layout, where type is 11 pixels high. */
export interface PanelGrid {
  readonly columns: number;
  readonly rows: number;
  /** The default size of a panel's plot area. */
  readonly width: number;
  readonly height: number;
  /** The total width of all columns besides their plot areas: axes, gaps, names. */
  readonly beside: number;
  /** The total height of all rows besides their plot areas: headings, axes, gaps, legend. */
  readonly above: number;
  /** The texts at the top and the foot, which take more lines the narrower the figure is. */
  readonly texts: {
    readonly title: string;
    readonly subtitle: string;
    readonly caption?: string | undefined;
  };
}

/** The smallest plot area that still shows a line. */
const MIN_WIDTH = 44;
const MIN_HEIGHT = 40;
/** Around the whole figure, both sides together. */
const PADDING = 28;

/** Returns the width of a figure's layout for the requested width and type; undefined without a request. */
export function layoutWidth({ width, fontSize = BASE_FONT_SIZE }: FigureOptions): number | undefined {
  return width === undefined ? undefined : (width * BASE_FONT_SIZE) / fontSize - PADDING;
}

/**
 * Returns the size of a panel's plot area that gives the figure the requested width and height.
 * @throws RangeError if the panels would be too small to show anything, with the smallest size that does
 */
export function panelSize(options: FigureOptions, grid: PanelGrid): { width: number; height: number } {
  const { fontSize = BASE_FONT_SIZE } = options;
  const unit = fontSize / BASE_FONT_SIZE;
  const total = layoutWidth(options);
  const width = total === undefined ? grid.width : Math.floor((total - grid.beside) / grid.columns);
  if (width < MIN_WIDTH) throw tooSmall('width', grid.columns * MIN_WIDTH + grid.beside + PADDING);
  if (options.height === undefined)
    // flat panels beside wide ones would show less: the shape stays until panels are wide
    return { width, height: total === undefined ? grid.height : heightFor(width, grid) };
  const texts = textHeight(grid.texts, total ?? grid.columns * grid.width + grid.beside);
  const rest = options.height / unit - PADDING - grid.above - texts;
  const height = Math.floor(rest / grid.rows);
  if (height < MIN_HEIGHT) throw tooSmall('height', grid.rows * MIN_HEIGHT + grid.above + texts + PADDING);
  return { width, height };

  function tooSmall(side: 'width' | 'height', smallest: number): RangeError {
    const panels =
      side === 'width'
        ? `${grid.columns} panels side by side`
        : `${grid.rows} ${grid.rows === 1 ? 'row' : 'rows'} of panels`;
    const allowed = `at least ${Math.ceil(smallest * unit)} for ${panels} at font size ${fontSize}`;
    return invalid(side, options[side], allowed);
  }
}

function heightFor(width: number, grid: PanelGrid): number {
  const ratio = grid.height / grid.width;
  return Math.round(Math.min(Math.max(width * ratio, 0.75 * grid.height), 1.5 * grid.height));
}

/** Returns the approximate height of title, subtitle and caption at a width. */
function textHeight({ title, subtitle, caption }: PanelGrid['texts'], width: number): number {
  const foot = caption ? 14 + 15 * breakLines(caption, width, 11).length : 0;
  return 22 * breakLines(title, width, 17).length + 15 * breakLines(subtitle, width, 12).length + 18 + foot;
}
