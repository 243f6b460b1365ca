import { FONT_FAMILY, INK, QUIET } from './theme.js';
import { DARK_PAPER } from './themes.js';

/** The style of the HTML page, light or dark as the reader's system is. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --page: #f4f5f6; --text: ${INK}; --quiet: ${QUIET}; --line: #d3d7dc; --tip: #fffffff5; --focus: #2947c6; }
@media (prefers-color-scheme: dark) {
  :root { --page: #16181b; --text: #e8eaed; --quiet: #a5acb5; --line: #3c424a; --tip: #2a2e33f5; --focus: #8fa2ff; }
  #drawing.turned { --paper: ${DARK_PAPER} !important; color: #eceef0; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.5 '${FONT_FAMILY}', Helvetica, Arial, sans-serif; }
main { width: fit-content; max-width: 100%; margin: 0 auto; padding: 24px 16px 32px; }
figure { margin: 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
#drawing { background: var(--paper); color: ${INK}; border: 1px solid var(--line); border-radius: 6px; padding: 8px;
  min-height: 200px; overflow-x: auto; }
#drawing svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
#drawing .role-legend-symbol, #drawing .role-legend-label { cursor: pointer; }
#drawing.vega-embed { display: block; }
figcaption { max-width: 46rem; margin-top: 12px; color: var(--quiet); font-size: 15px; }
figcaption p { margin: 0 0 8px; }
details p { margin-top: 6px; }
summary { cursor: pointer; }
#downloads { display: flex; flex-wrap: wrap; gap: 8px; margin: 16px 0 0; }
#downloads a, #downloads button { color: inherit; background: none; font: inherit; cursor: pointer; text-decoration: none; border: 1px solid var(--line); border-radius: 5px;
  padding: 4px 12px; font-size: 15px; }
#downloads a:hover, #downloads button:hover { border-color: currentColor; }
a:focus-visible, button:focus-visible, summary:focus-visible, text:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
#vg-tooltip-element.vg-tooltip { font: 13px/1.35 '${FONT_FAMILY}', Helvetica, Arial, sans-serif;
  font-variant-numeric: tabular-nums; padding: 8px 10px; border-radius: 5px; color: var(--text); background: var(--tip);
  border: 1px solid var(--line); box-shadow: 0 2px 10px #0002; }
#vg-tooltip-element.vg-tooltip td.key { color: var(--quiet); max-width: none; }
#vg-tooltip-element.vg-tooltip td.value { max-width: none; }
@media (max-width: 480px) { main { padding: 8px 8px 24px; } #drawing { padding: 2px; } }
@media print { #drawing.turned { --paper: #fff !important; } body { background: #fff; color: #000; } #drawing { border: 0; padding: 0; }
  figcaption, #downloads { display: none; } }
`;
