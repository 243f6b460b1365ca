import type { PanelError } from '../../published/figure-1-errors.js';

/** Returns each panel's deviation from the published figure as lines of text; an empty list if nothing was compared. */
export function errorLines(errors: readonly PanelError[]): string[] {
  if (errors.length === 0) return [];
  const several = new Set(errors.map(({ tolerance }) => tolerance)).size > 1;
  return [
    'error against the published figure (root mean square over its readable points)',
    ...errors.map(({ block, tolerance, points, rmse, bias, skill }) => {
      const side = `${bias < 0 ? '-' : '+'}${Math.abs(bias).toFixed(3)}`;
      const words = `${rmse.toFixed(3)}  (${points} point${points === 1 ? '' : 's'}, mean difference ${side}${skillOf(skill)})`;
      return `${block.padEnd(20)} ${words}${several ? ` ${tolerance}` : ''}`;
    }),
    '',
  ];
}

const skillOf = (skill: number | null) => (skill === null ? '' : `, skill ${skill.toFixed(2)}`);
