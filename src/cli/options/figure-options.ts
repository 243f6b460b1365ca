import { unknown } from '../../errors.js';
import { FIGURE_FORMATS, type FigureFormat } from '../../plots/render.js';

/** Returns the figure formats of a flag such as `svg,png`; all of them without one. */
export function readFormats(given: unknown): readonly FigureFormat[] {
  if (given === undefined) return FIGURE_FORMATS;
  const names = String(given).split(',');
  const wrong = names.find((name) => !FIGURE_FORMATS.includes(name as FigureFormat));
  if (wrong !== undefined) throw unknown('format', wrong, FIGURE_FORMATS);
  return names as FigureFormat[];
}
