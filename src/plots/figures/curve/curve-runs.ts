import { invalid } from '../../../errors.js';
import { entryOf } from '../../../lookups.js';
import type { SummaryRow } from '../../../study/summary.js';
import type { SeriesField } from '../../parts/encoding.js';
import { lineStyles } from '../../parts/line-style.js';
import { activationDefinitions } from '../../../activations/definitions.js';
import { activationStyles, type LabelledStyle } from '../../parts/activation-style.js';
import { shortLabels } from '../../parts/short-labels.js';

/** A row of a curve figure; with several runs in one figure, each row names its own. */
export interface CurvePoint extends SummaryRow {
  readonly run?: string | undefined;
}

/** A run among others in one figure. */
export interface CurveRun {
  /** The label of the run in the figure. */
  readonly label: string;
  readonly rows: readonly SummaryRow[];
}

/** A point with the line it belongs to, where runs are overlaid. */
export interface CurveRow extends CurvePoint {
  readonly series?: string | undefined;
}

/** Returns the rows of runs, each with the label of its run. */
export function curvePoints(given: readonly CurvePoint[] | readonly CurveRun[]): readonly CurvePoint[] {
  if (!isRuns(given)) return given;
  const labels = given.map(({ label }) => label);
  const double = labels.find((label, i) => labels.indexOf(label) !== i);
  if (double !== undefined) throw invalid('label', double, 'a label of its own for each run');
  return given.flatMap(({ label, rows }) => rows.map((row) => ({ ...{ run: label }, ...row, run: label })));
}

function isRuns(given: readonly CurvePoint[] | readonly CurveRun[]): given is readonly CurveRun[] {
  return given.length > 0 && Object.hasOwn(given[0]!, 'rows');
}

/** The lines of the figure: the look of each, and the field of the rows that distinguishes them. */
export interface CurveLines {
  readonly rows: readonly CurveRow[];
  readonly field: SeriesField;
  readonly styles: ReadonlyMap<string, LabelledStyle>;
}

/**
 * Returns one line per activation. Of overlaid runs it is one per activation and run, with the activation's colour and
 * mark and the run's dash. Where there is one activation, runs have colours.
 */
export function curveLines(points: readonly CurvePoint[], overlaid: boolean): CurveLines {
  const looks = activationStyles(points.map((point) => point.activation));
  const runs = [...new Set(points.map((point) => point.run ?? ''))];
  if (!overlaid || runs.length < 2) return { rows: points, field: 'activation', styles: looks };
  const pairs = [...looks].flatMap(([activation, look]) =>
    runs
      .filter((run) => points.some((point) => point.activation === activation && (point.run ?? '') === run))
      .map((run) => ({ activation, run, look, number: runs.indexOf(run) })),
  );
  const words = pairs.map(({ run, look }) => (looks.size === 1 ? run : `${look.label}, ${run}`));
  const labels = shortLabels(words, 170);
  const styles = new Map<string, LabelledStyle>();
  const series = new Map<string, string>();
  const runLooks = lineStyles(runs);
  pairs.forEach(({ activation, run, look, number }, i) => {
    const label = labels[i]!;
    const own =
      looks.size === 1 ? { ...entryOf(runLooks, run), shape: shapeOf(number) } : { dash: dashOf(number) };
    styles.set(label, { ...look, ...own, label });
    series.set(`${run}\n${activation}`, label);
  });
  const rows = points.map((point) => ({
    series: entryOf(series, `${point.run ?? ''}\n${point.activation}`),
    ...point,
  }));
  return { rows, field: 'series', styles };
}

/** Returns the line a row belongs to. */
export function seriesOf(row: Pick<CurveRow, 'activation' | 'series'>, field: SeriesField): string {
  return row[field] ?? row.activation;
}

const DASHES = [
  [1, 0],
  [6, 2.5],
  [1.5, 2],
  [7, 2, 1.5, 2],
  [14, 3],
  [4, 4],
];
const dashOf = (number: number) => DASHES[number % DASHES.length]!;

const SHAPES = Object.values(activationDefinitions).map(({ style }) => style.shape);
const shapeOf = (number: number) => SHAPES[number % SHAPES.length]!;
