import { hasOneOf, lookUp } from './look-up.js';
import type { LabelledStyle } from './activation-style.js';
import { FADED } from '../render/theme.js';

/** Name of the parameter that holds the activations a reader has picked in the legend. */
export const PICKED = 'picked';

/** The field that distinguishes lines: the activation, or for overlaid runs the run with the activation. */
export type SeriesField = 'activation' | 'series';

/**
 * Returns the channel that shows an activation by colour, dash or shape. All three share one legend, and
 * Vega-Lite merges them into it only where each says the same about it.
 */
export function styleChannel(
  styles: ReadonlyMap<string, LabelledStyle>,
  look: 'colour' | 'dash' | 'shape',
  legend: object,
  field: SeriesField = 'activation',
): object {
  const labels = [...styles].map(([name, style]) => [name, style.label] as const);
  return {
    field,
    type: 'nominal',
    scale: { domain: [...styles.keys()], range: [...styles.values()].map((style) => style[look]) },
    legend: { title: null, labelExpr: lookUp(labels, 'datum.value'), labelLimit: 0, ...legend },
  };
}

/** Returns the opacity channel: `shown`, or `faded` when the reader has picked other activations. */
export function pickedOpacity(shown: number, faded = FADED): object {
  return { condition: { param: PICKED, value: shown }, value: faded };
}

/**
 * Returns the parameter bound to the legend; `views` are the unit views that carry it. In each panel this is the first
 * view that the legend stands for, since Vega-Lite takes the legend's behaviour from there.
 */
export function pickedParameter(views: readonly string[], field: SeriesField = 'activation'): object {
  return { name: PICKED, select: { type: 'point', fields: [field] }, bind: 'legend', views };
}

/**
 * Returns the layers for the activations with solid lines, then for those with dashed ones. So both are seen where two
 * lines coincide.
 */
export function solidBelowDashed(
  styles: ReadonlyMap<string, LabelledStyle>,
  layers: readonly object[],
  field: SeriesField = 'activation',
): object[] {
  const isSolid = ({ dash }: LabelledStyle): boolean => dash[1] === 0;
  return [true, false]
    .map((solid) => [...styles].filter(([, style]) => isSolid(style) === solid).map(([name]) => name))
    .filter((names) => names.length > 0)
    .flatMap((names) => layers.map((layer) => ({ transform: [hasOneOf(field, names)], ...layer })));
}
