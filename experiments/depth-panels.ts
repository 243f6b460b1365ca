import { comparisonFigure, type ComparisonPoint, type Figure } from 'rankscope/figures';
import { studentInterval } from 'rankscope/networks';

/**
 * Ranks of one network at one place, before and after training, as shares of the channels. Places count from 1 in
 * forward order.
 */
export interface PlaceRanks {
  readonly panel: string;
  readonly place: number;
  readonly rankBefore: number;
  readonly rankAfter: number;
  readonly effectiveBefore: number;
  readonly effectiveAfter: number;
}

/**
 * Returns the figure of networks along their depth, before training as lines and after it as points. Values are means
 * over seeds. Each network has a panel.
 */
export function trainedDepthFigure(
  rows: readonly PlaceRanks[],
  { title, places, caption }: { readonly title: string; readonly places: string; readonly caption: string },
): Figure {
  const panels = [...new Set(rows.map(({ panel }) => panel))];
  const series = [
    { name: 'rank / channels', before: 'rankBefore', after: 'rankAfter' },
    { name: 'effective rank / channels', before: 'effectiveBefore', after: 'effectiveAfter' },
  ] as const;
  const points = panels.flatMap((panel) => {
    const own = rows.filter((row) => row.panel === panel);
    return [...new Set(own.map(({ place }) => place))].flatMap((place) =>
      series.map(({ name, before, after }): ComparisonPoint => {
        const here = own.filter((row) => row.place === place);
        const { mean, interval } = studentInterval(here.map((row) => row[after]));
        const theory = studentInterval(here.map((row) => row[before])).mean;
        const [low, high] = interval ?? [null, null];
        return { panel, series: name, x: place, theory, measured: mean, low, high };
      }),
    );
  });
  const names = ['Before training', 'After training'] as const;
  const texts = { note: '', xTitle: places, yTitle: 'Share of the channels', names };
  return comparisonFigure(
    panels.map((name) => ({ ...texts, name, title: name })),
    points,
    {
      title,
      subtitle: 'Lines: before training. Points: after it, with the 95% interval over seeds',
      caption,
    },
  );
}
