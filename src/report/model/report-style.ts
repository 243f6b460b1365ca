import { FONT_FAMILY, INK, QUIET } from '../../plots/render/theme.js';
import { DARK_PAPER } from '../../plots/render/themes.js';

/** The style of a report: light or dark as the reader's system is, for phones, screens and paper. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --paper: #fff; --soft: #f4f5f7; --text: ${INK}; --quiet: ${QUIET}; --line: #d3d7dc; --grid: #e7e9ec;
  --own: #2947c6; --other: #b45f00; --mark: #c2255c; --bar: #93a1b5; --round: #8c939d22; --focus: #2947c6; }
@media (prefers-color-scheme: dark) { :root { --paper: ${DARK_PAPER}; --soft: #24282d; --text: #e8eaed; --quiet: #aab1ba; --line: #3c424a; --grid: #30353b;
  --own: #93a6ff; --other: #f0a24a; --mark: #ff8fb1; --bar: #6b7787; --round: #aab1ba22; --focus: #93a6ff; } }
@media print { :root { color-scheme: light; --paper: #fff; --soft: #fff; --text: #000; --quiet: #333; --line: #999; --grid: #ddd;
  --own: #2947c6; --other: #b45f00; --mark: #c2255c; --bar: #93a1b5; --round: #8c939d22; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 3rem; }
body { margin: 0; background: var(--paper); color: var(--text); font: 16px/1.5 '${FONT_FAMILY}', Helvetica, Arial, sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%; }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { margin: 0 0 .5rem; font-size: 1.9rem; line-height: 1.2; font-weight: 600; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.3rem; line-height: 1.25; font-weight: 600; }
section.all { content-visibility: auto; }
p { margin: .4rem 0; max-width: 46rem; }
b { font-weight: 600; }
bdi { overflow-wrap: anywhere; }
.unseen, .quiet { color: var(--quiet); }
.quiet { font-size: .94rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.facts { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; margin: .6rem 0 .9rem; padding: 0; list-style: none; color: var(--quiet); }
.facts b { color: var(--text); font-size: 1.3rem; }
.finding { font-size: 1.08rem; }
button, select, input { font: inherit; color: inherit; }
button, select, input[type='search'] { background: var(--soft); border: 1px solid var(--line); border-radius: 5px; padding: .15rem .6rem; max-width: 100%; }
button { cursor: pointer; }
button:hover { border-color: currentColor; }
button.link, table.layers button { border: 0; padding: 0; background: none; text-align: start; color: var(--own); }
button.link:hover, tbody button:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .8rem; max-width: none; }
.controls label { display: inline-flex; align-items: center; gap: .35rem; }
.reading { color: var(--quiet); min-height: 1.5em; }
.slider { height: 1.6rem; }
.slider input { display: block; min-width: 0; margin: 0; accent-color: var(--own); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.3rem; font-size: .94rem; max-width: none; }
.legend span { display: inline-flex; align-items: center; gap: .45rem; }
.key { display: inline-block; width: 1.5rem; border-top: 2px solid; }
.key.own { border-color: var(--own); }
.key.other { border-color: var(--other); border-top-style: dashed; }
.key.floor { border-color: var(--quiet); border-top-style: dotted; }
.key.edge { border-color: var(--quiet); border-top-width: 1px; }
.key.dash { width: .8rem; border-color: var(--other); }
.key.point, .key.diamond { width: .6rem; height: .6rem; border: 0; border-radius: 50%; background: var(--own); }
.key.diamond { border-radius: 0; background: var(--mark); transform: rotate(45deg) scale(.9); }
svg { display: block; max-width: 100%; height: auto; overflow: visible; }
svg text { fill: var(--quiet); font-size: 12px; }
svg .label { fill: var(--text); font-size: 13px; }
svg .grid { stroke: var(--grid); }
svg .axis { stroke: var(--quiet); }
svg .cursor { stroke: var(--text); stroke-opacity: .45; }
svg .random { stroke: var(--other); stroke-width: 2; }
svg .gap { stroke: var(--other); stroke-opacity: .35; }
svg circle.own, svg .dot.own { fill: var(--own); }
svg .dot.other { fill: var(--other); }
svg .marked { fill: var(--mark); }
svg .bar { fill: var(--bar); }
svg .rounding { fill: var(--round); }
svg .floor { stroke: var(--quiet); stroke-dasharray: 2 3; stroke-width: 1.5; }
svg .edge { stroke: var(--quiet); }
svg .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
svg .curve.own { stroke: var(--own); }
svg .curve.other { stroke: var(--other); stroke-dasharray: 6 4; }
section.overview .chart { cursor: pointer; }
.cards { margin: .8rem 0 0; padding: 0; list-style: none; display: grid; gap: .7rem 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); }
.cards li { border-inline-start: 3px solid var(--mark); padding-inline-start: .8rem; }
.cards p { margin: 0; }
.mark { display: inline-block; border: 1px solid var(--mark); color: var(--mark); border-radius: 4px; padding: 0 .4rem; margin-inline-end: .3rem; font-size: .85rem; line-height: 1.35; }
table { border-collapse: collapse; }
table.layers { width: 100%; font-size: .94rem; margin-top: .6rem; }
.layers th, .layers td { padding: .25rem .6rem .25rem 0; text-align: start; vertical-align: top; font-weight: 400; border-bottom: 1px solid var(--grid); }
.layers thead th { position: sticky; top: 0; z-index: 1; background: var(--paper); border-bottom: 1px solid var(--line); vertical-align: bottom; line-height: 1.25; }
.layers thead button { color: var(--text); font-weight: 600; text-align: inherit; }
.layers [aria-sort] button::after { content: ' \\2191'; }
.layers [aria-sort='descending'] button::after { content: ' \\2193'; }
.layers .number { text-align: end; white-space: nowrap; }
.layers thead .number { white-space: normal; }
.layers tbody .name { width: 30%; }
.layers tr.open > * { border-bottom-color: transparent; }
.layers tbody tr:not(.detail):hover > * { background: var(--soft); }
.layers .share { white-space: nowrap; }
.layers .share span:last-child { display: inline-block; min-width: 3.4rem; text-align: end; }
.layers .marks { color: var(--mark); font-size: .88rem; min-width: 7.5rem; padding-inline-end: 0; }
span.bar { position: relative; display: inline-block; width: 4.5rem; height: .7rem; background: var(--grid); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
span.bar .fill { position: absolute; inset: 0 auto 0 0; background: var(--own); }
span.bar .tick { position: absolute; top: -2px; bottom: -2px; width: 2px; margin-inline-start: -1px; background: var(--other); }
tr.marked span.bar .fill { background: var(--mark); }
[hidden] { display: none !important; }
.detail > td { padding: 0 0 1rem; }
.inside { border-inline-start: 3px solid var(--own); padding: .3rem 0 .3rem 1rem; }
.explained .first { font-size: 1.08rem; }
figure { margin: .8rem 0; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: .35rem 1.5rem; margin: .5rem 0; }
dt { color: var(--quiet); font-size: .88rem; line-height: 1.3; overflow-wrap: anywhere; }
dd { margin: 0; overflow-wrap: anywhere; max-height: 12rem; overflow-y: auto; }
summary { cursor: pointer; }
.scroller { overflow-x: auto; }
.plan { font-size: .94rem; }
.plan th, .plan td { padding: .2rem 1.1rem .2rem 0; text-align: end; font-weight: 400; border-bottom: 1px solid var(--grid); white-space: nowrap; }
.plan th:first-child { text-align: start; white-space: normal; min-width: 8.5rem; }
.plan thead th { font-weight: 600; }
.values { margin: .4rem 0; font-size: .9rem; }
.values th, .values td { text-align: end; padding: 0 1.2rem 0 0; font-weight: 400; }
.values thead th { font-weight: 600; }
@media (max-width: 60rem) { .wide { display: none; } }
@media (max-width: 40rem) {
  main { padding: 1rem .8rem 3rem; }
  h1 { font-size: 1.5rem; }
  .layers tbody .name { width: auto; }
  .layers .marks { display: none; }
  span.bar { width: 2.6rem; }
  .inside { padding-inline-start: .7rem; }
}
@media print {
  body { font-size: 10.5pt; }
  section.all { content-visibility: visible; }
  main { max-width: none; padding: 0; }
  .controls, .slider, .reading, summary { display: none !important; }
  .layers thead th { position: static; }
  .layers .wide { display: none; }
  .layers tr:not(.detail), .cards li, figure, dl > div, svg { break-inside: avoid; }
  .key { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .slider + .controls, #skipped, section.all > .quiet { display: none !important; }
  h2 { break-after: avoid; }
  button, button.link { color: inherit !important; }
  dd { max-height: none; }
}
`;
