import type { TopLevelSpec } from 'vega-lite';
import { captionView, titleBlock } from './caption.js';
import { themeConfig } from '../render/theme.js';

/** A row of panels under a heading. */
export interface MultiplesRow {
  /** Above the whole row; none if empty. */
  readonly heading: string;
  /** Under the heading, in quiet type. */
  readonly note?: string | undefined;
  /** Vega-Lite views, left to right, each of the same width. */
  readonly views: readonly object[];
}

/** The texts and gaps around a grid of panels. */
export interface MultiplesFrame {
  readonly title: string;
  readonly subtitle: string;
  readonly caption?: string | undefined;
  readonly description: string;
  /** Width of the text above and below, in pixels: about that of a row. */
  readonly across: number;
  readonly datasets: Readonly<Record<string, unknown>>;
  readonly params?: readonly object[] | undefined;
  /** Between panels side by side. @default 12 */
  readonly gap?: number | undefined;
  /** Whether each panel has colours and shapes of its own, and their legend. @default false */
  readonly independentColour?: boolean | undefined;
  /** Between one row of panels and the heading of the next. @default 16 */
  readonly rowGap?: number | undefined;
}

/**
 * Returns the specification of rows of panels, each row under its heading, with title and note. The panels of a
 * row stand flush, so that columns keep in line whatever their axes' labels are; the gap has to hold those.
 */
export function multiplesSpec(rows: readonly MultiplesRow[], frame: MultiplesFrame): TopLevelSpec {
  const { title, subtitle, caption, description, across, datasets, params, gap = 12, rowGap = 16 } = frame;
  // only the lowest level that joins views decides, so each has to say it
  const own = frame.independentColour
    ? { resolve: { scale: { color: 'independent', shape: 'independent' } } }
    : {};
  const grid = {
    ...own,
    spacing: rowGap,
    vconcat: rows.map(({ heading, note, views }) => ({
      ...(heading && { title: { text: heading, offset: 4, ...(note && { subtitle: note }) } }),
      ...own,
      bounds: 'flush',
      spacing: gap,
      hconcat: views,
    })),
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    title: titleBlock(title, subtitle, across),
    config: themeConfig(),
    datasets,
    ...(params && { params }),
    ...(caption ? { ...own, spacing: 14, vconcat: [grid, captionView(caption, across)] } : grid),
  } as unknown as TopLevelSpec;
}

/**
 * Returns the layer that names a panel above its plot area. It is a mark, since titles stand higher where an axis has a
 * label at its top.
 */
export function panelName(text: string, above = 7): object {
  const mark = { type: 'text', x: 0, y: -above, align: 'left', baseline: 'alphabetic', text, tooltip: null };
  return { data: { values: [{}] }, mark };
}
