import { FIGURE_FORMATS, type FigureFormat } from '../../plots/render/render.js';
import { choices, toggle } from './option.js';

/** The option `--overlay` of commands that draw curves. */
export const overlayOption = toggle(
  "Draw the published figure's points over the curves, and print the error",
  { default: 'where the protocol is `fitted`' },
);

/** Returns the option `--formats` of commands that draw figures. */
export function formatsOption<const G extends string | undefined = undefined>(group?: G) {
  const describe = `Figure files: ${FIGURE_FORMATS.join(', ')}`;
  return choices(describe, FIGURE_FORMATS, { group, default: 'all' });
}

/** Returns the formats of `--formats`, each once; all of them without one. */
export function readFormats(names: readonly FigureFormat[] = FIGURE_FORMATS): readonly FigureFormat[] {
  return [...new Set(names)];
}
