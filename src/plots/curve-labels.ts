import type { CurveFrame, CurvePanel } from './curve-panels.js';
import { pickedOpacity } from './encoding.js';
import { placeEndLabels, type LineEnd } from './end-labels.js';
import { INK } from './theme.js';

/** Height of a line of labels, and length of the leader from the last points to the labels, in pixels. */
const LINE_HEIGHT = 12.5;
const LEADER = 14;

/** Returns the layers that name each line beside its end: a leader in the line's colour, then the name. */
export function endLabelLayers(panel: CurvePanel, frame: CurveFrame, color: object): object[] {
  const { width, height, right, styles } = frame;
  const ends = lineEnds(panel);
  const places = placeEndLabels([...ends.values()], {
    gap: LINE_HEIGHT / height,
    tie: 0.012,
    low: 0,
    high: 1,
  });
  const values = places.map(({ name, value, place }) => ({
    activation: name,
    label: styles.get(name)!.label,
    from: ends.get(name)!.ratio,
    value,
    place,
  }));
  const labelAt = (width * Math.max(...values.map((end) => end.from))) / right + LEADER;
  const y = { field: 'place', type: 'quantitative', scale: { domain: [0, 1], nice: false } };
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

function lineEnds(panel: CurvePanel): Map<string, LineEnd & { ratio: number }> {
  const ends = new Map<string, LineEnd & { ratio: number }>();
  for (const name of new Set(panel.points.map((point) => point.activation))) {
    const line = panel.points.filter((point) => point.activation === name);
    const last = line.reduce((a, b) => (b.dimensionRatio > a.dimensionRatio ? b : a));
    const mean = line.reduce((sum, point) => sum + point.rankRatioMean, 0) / line.length;
    ends.set(name, { name, value: last.rankRatioMean, mean, ratio: last.dimensionRatio });
  }
  return ends;
}
