import type { PanelError } from '../../published/figure-1-errors.js';
import { aligned } from './aligned.js';

/** Returns each panel's deviation from the published figure as a table; an empty list if nothing was compared. */
export function errorLines(errors: readonly PanelError[]): string[] {
  if (errors.length === 0) return [];
  const several = new Set(errors.map(({ tolerance }) => tolerance)).size > 1;
  const head = ['', 'points', 'error', 'from sampling', 'mean difference', 'skill'];
  const lines = errors.map(({ block, tolerance, points, rmse, sampling, bias, skill }) => [
    ...[block, String(points), rmse.toFixed(3), sampling.toFixed(3)],
    `${bias < 0 ? '-' : '+'}${Math.abs(bias).toFixed(3)}`,
    skill?.toFixed(2) ?? '',
    ...(several ? [tolerance] : []),
  ]);
  return [
    'error against the published figure (root mean square over its readable points)',
    ...aligned([several ? [...head, 'tolerance'] : head, ...lines]),
    '',
  ];
}
