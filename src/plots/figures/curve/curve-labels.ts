import { entryOf } from '../../../lookups.js';
import type { CurveFrame, CurvePanel } from './curve-panels.js';
import { seriesOf } from './curve-runs.js';
import { pickedOpacity } from '../../parts/encoding.js';
import { placeEndLabels, type LineEnd } from '../../parts/end-labels.js';
import { labelPixels } from '../../parts/short-labels.js';
import { INK } from '../../render/theme.js';

/** Height of a line of labels, and length of the leader from the last points to the labels, in pixels. */
const LINE_HEIGHT = 12.5;
const LEADER = 14;

/** Ends closer than this, in pixels, cannot be distinguished, so leaders to several names would not help. */
const TOGETHER = 3;

/**
 * Returns the layers that name each line beside its end: a leader in the line's colour, then the name. Lines that end
 * in one place are named by the legend only. So are all lines if most of them do, or if published points lie beyond the
 * ends.
 */
export function endLabelLayers(panel: CurvePanel, frame: CurveFrame, color: object): object[] {
  const { width, height, right, styles, field } = frame;
  const [low, high] = panel.range;
  const named = namedEnds(panel, frame);
  if (named.length === 0) return [];
  const ends = lineEnds(panel, frame);
  const last = lastRatio(ends.values());
  const places = placeEndLabels(named, {
    gap: (LINE_HEIGHT / height) * (high - low),
    tie: 0.012 * (high - low),
    low,
    high,
  });
  const values = places.map(({ name, value, place }) => ({
    [field]: name,
    label: entryOf(styles, name).label,
    from: entryOf(ends, name).ratio,
    value,
    place,
  }));
  const labelAt = (width * last) / right + LEADER;
  const y = { field: 'place', type: 'quantitative', scale: { domain: [low, high], nice: false } };
  const x = { field: 'from', type: 'quantitative', scale: { domain: [0, right], nice: false } };
  return [
    {
      data: { values },
      mark: { type: 'rule', strokeWidth: 1, tooltip: null },
      encoding: {
        x,
        x2: { value: labelAt },
        y: { ...y, field: 'value' },
        y2: { field: 'place' },
        color,
        opacity: pickedOpacity(0.7),
      },
    },
    {
      data: { values },
      mark: { type: 'text', align: 'left', baseline: 'middle', color: INK, tooltip: null },
      encoding: { x: { value: labelAt + 4 }, y, text: { field: 'label' }, opacity: pickedOpacity(1) },
    },
  ];
}

/** Returns the width of the names beside the lines, with their leaders, in pixels. */
export function endLabelWidth(labels: readonly string[]): number {
  return LEADER + 6 + Math.max(0, ...labels.map((label) => labelPixels(label, 11)));
}

/** Returns the ends of the lines that are named beside them. */
export function namedEnds(panel: CurvePanel, frame: Pick<CurveFrame, 'field' | 'height' | 'named'>): CurveEnd[] {
  if (frame.named === false) return [];
  const [low, high] = panel.range;
  const ends = [...lineEnds(panel, frame).values()].filter(({ value }) => value >= low && value <= high);
  const last = lastRatio(ends);
  if (panel.published.some((point) => point.dimensionRatio > last)) return [];
  const alone = endsAlone(ends, (TOGETHER / frame.height) * (high - low));
  // one name among many lines would look like the name of them all
  return 2 * alone.length < ends.length ? [] : alone;
}

function lastRatio(ends: Iterable<CurveEnd>): number {
  return Math.max(...[...ends].map(({ ratio }) => ratio));
}

interface CurveEnd extends LineEnd {
  readonly ratio: number;
}

/** Returns the ends without another one within `distance` at the same dimension ratio. */
function endsAlone(ends: readonly CurveEnd[], distance: number): CurveEnd[] {
  return ends.filter((end) =>
    ends.every(
      (other) => other === end || other.ratio !== end.ratio || Math.abs(other.value - end.value) >= distance,
    ),
  );
}

function lineEnds(panel: CurvePanel, { field }: Pick<CurveFrame, 'field'>): Map<string, CurveEnd> {
  const ends = new Map<string, CurveEnd>();
  for (const name of new Set(panel.points.map((point) => seriesOf(point, field)))) {
    const line = panel.points.filter((point) => seriesOf(point, field) === name);
    const last = line.reduce((a, b) => (b.dimensionRatio > a.dimensionRatio ? b : a));
    const mean = line.reduce((sum, point) => sum + point.rankRatioMean, 0) / line.length;
    ends.set(name, { name, value: last.rankRatioMean, mean, ratio: last.dimensionRatio });
  }
  return ends;
}
