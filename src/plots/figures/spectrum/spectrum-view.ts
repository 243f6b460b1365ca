import { pickedOpacity, solidBelowDashed, styleChannel } from '../../parts/encoding.js';
import { magnitudeAxis } from './magnitude-floor.js';
import type { LabelledStyle } from '../../parts/activation-style.js';
import { pointerTableLayer } from '../../parts/pointer-table.js';
import type { ThresholdPoint } from '../../../study/spectrum-summary.js';
import { formatTolerance } from '../../parts/format-tolerance.js';
import { PAPER, QUIET } from '../../render/theme.js';

/** Which half of a spectrum figure a panel belongs to. */
export type SpectrumHalf = 'spectrum' | 'cumulative';

/** One panel of a spectrum figure. */
export interface SpectrumPanel {
  readonly half: SpectrumHalf;
  readonly block: string;
  readonly tap: string;
  readonly dimensionRatio: number;
  /** Name of the view that carries the legend's parameter. */
  readonly view: string;
  /** Whether the panel stands at the left or at the bottom of its half, where the axes have their titles. */
  readonly left: boolean;
  readonly bottom: boolean;
  readonly activations: ReadonlySet<string>;
}

/** Settings that all panels of a spectrum figure share. */
export interface SpectrumFrame {
  /** Size of a panel's plot area, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Where the logarithmic axes end. */
  readonly floor: number;
  /** Whether any value lies below the floor and is drawn on it. */
  readonly clipped: boolean;
  /** Where tolerances cut the spectra. */
  readonly tolerances: readonly ThresholdPoint[];
  readonly legendColumns: number;
  readonly styles: ReadonlyMap<string, LabelledStyle>;
}

/** Returns the view of one panel. */
export function spectrumView(panel: SpectrumPanel, frame: SpectrumFrame): object {
  const { width, height, floor, styles } = frame;
  const legend = {
    orient: 'top',
    columns: frame.legendColumns,
    symbolType: 'stroke',
    symbolSize: 300,
    columnPadding: 12,
    offset: 12,
  };
  const look = {
    color: styleChannel(styles, 'colour', legend),
    strokeDash: styleChannel(styles, 'dash', legend),
  };
  const layers = panel.half === 'spectrum' ? magnitudeLayers : cumulativeLayers;
  return {
    width,
    height,
    data: { name: panel.half },
    transform: [
      {
        filter: {
          and: (['block', 'tap', 'dimensionRatio'] as const).map((field) => ({ field, equal: panel[field] })),
        },
      },
      // A logarithmic axis has no zero: values below the floor are drawn on the floor.
      ...(panel.half === 'spectrum'
        ? (['magnitude', 'magnitudeLow', 'magnitudeHigh'] as const).map((field) => ({
            calculate: `max(datum.${field}, ${floor})`,
            as: shown(field),
          }))
        : [{ filter: `datum.magnitude >= ${floor}` }]),
    ],
    layer: [...layers(panel, frame, look), ratioLayer(panel, width)],
  };
}

/**
 * The dimension ratio above the panel. It is a mark, since titles stand higher where an axis has a label at its top.
 */
function ratioLayer(panel: SpectrumPanel, width: number): object {
  const text = `${width < 110 ? 'ratio' : 'dimension ratio'} ${Number(panel.dimensionRatio.toPrecision(4))}`;
  return {
    data: { values: [{}] },
    mark: {
      type: 'text',
      x: 0,
      y: -9,
      align: 'left',
      baseline: 'alphabetic',
      color: QUIET,
      text,
      tooltip: null,
    },
  };
}

interface Look {
  readonly color: object;
  readonly strokeDash: object;
}

function magnitudeLayers(panel: SpectrumPanel, frame: SpectrumFrame, look: Look): object[] {
  const x = {
    field: 'position',
    type: 'quantitative',
    scale: { domain: [0, 1], nice: false },
    axis: axis(panel.bottom && 'Index / output channels', { values: shareTicks(frame.width), format: '~g' }),
  };
  const y = {
    type: 'quantitative',
    scale: { type: 'log', domain: [frame.floor, 1], nice: false },
    axis: axis(panel.left && 'Singular value / largest', {
      labels: panel.left,
      ...magnitudeAxis(frame.floor, frame.clipped),
    }),
  };
  return [
    ...toleranceLayers(frame, y, 'y'),
    {
      // A legend takes its behaviour from its first layer, so this layer carries the parameter.
      name: panel.view,
      mark: { type: 'area', opacity: 1, tooltip: null },
      encoding: {
        x,
        y: { ...y, field: shown('magnitudeLow') },
        y2: { field: shown('magnitudeHigh') },
        color: look.color,
        fillOpacity: pickedOpacity(0.16, 0),
      },
    },
    ...solidBelowDashed(frame.styles, [
      {
        mark: { type: 'line', tooltip: null },
        encoding: {
          x,
          y: { ...y, field: shown('magnitude') },
          ...look,
          opacity: pickedOpacity(1),
        },
      },
    ]),
    pointerTableLayer(
      {
        name: `${panel.view}Pointer`,
        field: 'position',
        title: 'Index / output channels',
        format: '.3~f',
        words:
          "format(datum.magnitude, '.2~e') + '  (' + format(datum.magnitudeLow, '.2~e') + ' to ' + " +
          "format(datum.magnitudeHigh, '.2~e') + ')'",
        styles: stylesOf(panel, frame),
      },
      x,
    ),
  ];
}

function cumulativeLayers(panel: SpectrumPanel, frame: SpectrumFrame, look: Look): object[] {
  const x = {
    field: 'magnitude',
    type: 'quantitative',
    scale: { type: 'log', domain: [frame.floor, 1], nice: false },
    axis: axis(panel.bottom && 'Singular value / largest', magnitudeAxis(frame.floor, frame.clipped)),
  };
  const y = {
    field: 'share',
    type: 'quantitative',
    scale: { domain: [0, 1], nice: false },
    axis: axis(panel.left && 'Share at or below', {
      labels: panel.left,
      values: [0, 0.25, 0.5, 0.75, 1],
      format: '.0%',
    }),
  };
  return [
    ...toleranceLayers(frame, x, 'x'),
    ...solidBelowDashed(frame.styles, [
      {
        mark: { type: 'line', tooltip: null },
        encoding: { x, y, ...look, opacity: pickedOpacity(1) },
      },
    ]).map((layer, i) => (i === 0 ? { name: panel.view, ...layer } : layer)),
    pointerTableLayer(
      {
        name: `${panel.view}Pointer`,
        field: 'magnitude',
        title: 'Singular value / largest',
        format: '.2~e',
        words: "format(datum.share, '.1%')",
        styles: stylesOf(panel, frame),
      },
      x,
    ),
  ];
}

/** A dashed line across a panel where each tolerance cuts. A horizontal line has its name along it. */
function toleranceLayers(frame: SpectrumFrame, channel: object, at: 'x' | 'y'): object[] {
  const { tolerances, width } = frame;
  if (tolerances.length === 0) return [];
  const values = tolerances.map(({ tolerance, magnitude }) => ({
    magnitude,
    words: `tolerance ${formatTolerance(tolerance)}`,
  }));
  const place = { [at]: { ...channel, field: 'magnitude' } };
  const rule = { type: 'rule', strokeDash: [4, 3], color: QUIET, tooltip: null };
  if (at === 'x' || width < 90) return [{ data: { values }, mark: rule, encoding: place }];
  const text = { type: 'text', x: width - 3, dy: -5, align: 'right', baseline: 'alphabetic', fontSize: 10 };
  return [
    { data: { values }, mark: rule, encoding: place },
    // paper under the letters, for where a line passes
    ...[{ stroke: PAPER, strokeWidth: 3, color: PAPER }, { color: QUIET }].map((ink) => ({
      data: { values },
      mark: { ...text, ...ink, tooltip: null },
      encoding: { ...place, text: { field: 'words' } },
    })),
  ];
}

function axis(title: string | false, more: object): object {
  return { title: title || null, ...more };
}

function shown(field: string): string {
  return `${field}Shown`;
}

function stylesOf(panel: SpectrumPanel, frame: SpectrumFrame): [string, LabelledStyle][] {
  return [...frame.styles].filter(([name]) => panel.activations.has(name));
}

function shareTicks(width: number): number[] {
  return width < 120 ? [0, 0.5, 1] : [0, 0.2, 0.4, 0.6, 0.8, 1];
}
