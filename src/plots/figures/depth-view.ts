import type { DepthPoint } from '../../depth/summarise-depth.js';
import type { LineStyle } from '../parts/line-style.js';
import { lookUp } from '../parts/look-up.js';
import { PAPER } from '../render/theme.js';
import { panelName } from '../parts/small-multiples.js';

/** A quantity drawn against the number of the block. */
export interface DepthMeasure {
  readonly title: string;
  readonly field: keyof DepthPoint;
  /** The ends of its band; undefined without one. */
  readonly band?: { readonly low: keyof DepthPoint; readonly high: keyof DepthPoint } | undefined;
  /** Whether it lies in [0, 1]. */
  readonly share: boolean;
}

/** Settings that all panels share. */
export interface DepthFrame {
  readonly width: number;
  readonly height: number;
  readonly styles: ReadonlyMap<string, LineStyle>;
  /** The legend's label of each network. */
  readonly labels: ReadonlyMap<string, string>;
  /** Of the deepest network. */
  readonly blocks: number;
  /** Of shares: the ends of their axis. */
  readonly range: readonly [low: number, high: number];
  readonly legendColumns: number;
}

/** The place of a panel in the figure. */
export interface DepthPlace {
  readonly tap: string;
  /** Above it; empty for none. */
  readonly name: string;
  readonly left: boolean;
  readonly bottom: boolean;
}

/** Returns the view of one measure at one tap. */
export function depthView(
  points: readonly DepthPoint[],
  measure: DepthMeasure,
  { tap, name, left, bottom }: DepthPlace,
  { width, height, styles, labels, blocks, range, legendColumns }: DepthFrame,
): object {
  const x = {
    field: 'block',
    type: 'quantitative',
    scale: { domain: [1, blocks], nice: false },
    axis: { title: bottom ? 'Block' : null, values: blockTicks(blocks), format: 'd' },
  };
  const top = Math.max(1, ...points.map(({ channels }) => channels));
  const y = {
    type: 'quantitative',
    scale: measure.share ? { domain: range, nice: false } : { domain: [0, top], nice: true },
    axis: { title: left ? measure.title : null, tickCount: 4, ...(measure.share && { format: '.1f' }) },
  };
  const look = (range: readonly unknown[]) => ({
    field: 'network',
    type: 'nominal',
    scale: { domain: [...styles.keys()], range },
    legend: {
      title: null,
      orient: 'top',
      columns: legendColumns,
      symbolType: 'stroke',
      symbolSize: 300,
      symbolOpacity: 1,
      offset: 22,
      labelLimit: 0,
      labelExpr: lookUp(labels, 'datum.value'),
    },
  });
  const color = look([...styles.values()].map(({ colour }) => colour));
  const strokeDash = look([...styles.values()].map(({ dash }) => dash));
  const { band } = measure;
  const value = { ...y, field: measure.field };
  const few = [{ filter: 'datum.positions < datum.channels' }];
  return {
    width,
    height,
    data: { name: 'depth' },
    transform: [{ filter: { field: 'tap', equal: tap } }],
    layer: [
      ...(band === undefined
        ? []
        : [
            {
              transform: [{ filter: `isValid(datum.${band.low}) && isValid(datum.${band.high})` }],
              mark: { type: 'area', opacity: 0.16, clip: true, tooltip: null },
              encoding: {
                x,
                y: { ...y, field: band.low },
                y2: { field: band.high },
                color,
              },
            },
          ]),
      {
        mark: { type: 'line', clip: true, tooltip: null },
        encoding: { x, y: value, color, strokeDash },
      },
      {
        mark: { type: 'point', size: 16 },
        encoding: {
          x,
          y: value,
          color,
          tooltip: [
            { field: 'network', type: 'nominal', title: 'Network' },
            { field: 'block', type: 'quantitative', title: 'Block' },
            { field: 'channels', type: 'quantitative', title: 'Channels' },
            { field: 'rankRatioMean', type: 'quantitative', title: 'Rank ratio', format: '.3f' },
            {
              field: 'effectiveMean',
              type: 'quantitative',
              title: 'Effective rank / channels',
              format: '.3f',
            },
          ],
        },
      },
      ...(measure.share
        ? [
            // hollow: white first, so that the line does not show within
            {
              transform: few,
              mark: { type: 'point', size: 18, color: PAPER, tooltip: null },
              encoding: { x, y: value },
            },
            {
              transform: few,
              mark: { type: 'point', size: 18, filled: false, strokeWidth: 1.2, tooltip: null },
              encoding: { x, y: value, color },
            },
          ]
        : []),
      ...(name === '' ? [] : [panelName(name)]),
    ],
  };
}

/** Returns block numbers at regular steps from the first. */
function blockTicks(blocks: number): number[] {
  const step = [1, 5, 10, 20, 50].find((every) => blocks / every <= 10) ?? 100;
  const ticks = Array.from({ length: Math.floor(blocks / step) }, (_, i) => (i + 1) * step);
  return [...new Set([1, ...ticks])];
}
