import type { NonlinearityStyle } from './nonlinearity-style.js';
import { FADED } from './theme.js';

/** Name of the parameter that holds the nonlinearities a reader has picked in the legend. */
export const PICKED = 'picked';

/**
 * Returns the channel that shows a nonlinearity by colour, dash or shape. All three share one legend, and
 * Vega-Lite merges them into it only where each says the same about it.
 */
export function styleChannel(
  styles: ReadonlyMap<string, NonlinearityStyle>,
  look: 'colour' | 'dash' | 'shape',
  legend: object,
): object {
  const labels = Object.fromEntries([...styles].map(([name, style]) => [name, style.label]));
  return {
    field: 'activation',
    type: 'nominal',
    scale: { domain: [...styles.keys()], range: [...styles.values()].map((style) => style[look]) },
    legend: { title: null, labelExpr: `${JSON.stringify(labels)}[datum.value] || datum.label`, ...legend },
  };
}

/** Returns the opacity channel: `shown`, or `faded` when the reader has picked other nonlinearities. */
export function pickedOpacity(shown: number, faded = FADED): object {
  return { condition: { param: PICKED, value: shown }, value: faded };
}

/**
 * Returns the parameter bound to the legend; `views` are the unit views that carry it, in each
 * panel the first of those that the legend stands for: Vega-Lite takes the legend's behaviour from there.
 */
export function pickedParameter(views: readonly string[]): object {
  return { name: PICKED, select: { type: 'point', fields: ['activation'] }, bind: 'legend', views };
}

/** Returns a data field's name with everything escaped that Vega-Lite would read as a path. */
export function fieldName(name: string): string {
  return name.replace(/[\\.[\]'"]/g, '\\$&');
}

/**
 * Returns the layers once for the nonlinearities with solid lines and then for those with dashed ones, so that
 * where two lines coincide both are seen.
 */
export function solidBelowDashed(
  styles: ReadonlyMap<string, NonlinearityStyle>,
  layers: readonly object[],
): object[] {
  const isSolid = ({ dash }: NonlinearityStyle): boolean => dash[1] === 0;
  return [true, false]
    .map((solid) => [...styles].filter(([, style]) => isSolid(style) === solid).map(([name]) => name))
    .filter((names) => names.length > 0)
    .flatMap((names) =>
      layers.map((layer) => ({ transform: [{ filter: { field: 'activation', oneOf: names } }], ...layer })),
    );
}
