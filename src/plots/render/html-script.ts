/** The script of the HTML page, for browsers: draws the layout that fits the window, and fills the downloads. */
export const PAGE_SCRIPT = `
'use strict';
const page = JSON.parse(document.getElementById('figure').textContent);
const drawing = document.getElementById('drawing');
const narrow = window.matchMedia('(max-width: 680px)');
let drawn;

// A text stands in its column as its number in the column's list of texts.
function valuesOf(set) {
  return set.rows.map((row) => row.map((value, i) => (set.columns[i].texts ? set.columns[i].texts[value] : value)));
}

function rowsOf(set) {
  return valuesOf(set).map((row) => Object.fromEntries(set.columns.map(({ name }, i) => [name, row[i]])));
}

async function draw() {
  const spec = structuredClone(narrow.matches && page.narrow ? page.narrow : page.wide);
  for (const set of spec.data) if (set.values === null) set.values = rowsOf(page.data[set.name]);
  if (drawn) drawn.finalize();
  drawn = await vegaEmbed(drawing, spec, {
    mode: 'vega', renderer: 'svg', actions: false, defaultStyle: true, tooltip: { offsetX: 16, offsetY: 12 },
  });
  for (const name of drawing.querySelectorAll('.role-legend-label text')) makeButton(name);
  document.documentElement.dataset.drawn = 'yes';
}

// Vega's legends know the mouse only.
function makeButton(name) {
  name.setAttribute('tabindex', '0');
  name.setAttribute('role', 'button');
  name.setAttribute('aria-label', name.textContent);
  name.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    const { x, y, width, height } = name.getBoundingClientRect();
    const at = { clientX: x + width / 2, clientY: y + height / 2, shiftKey: event.shiftKey };
    name.dispatchEvent(new MouseEvent('click', { bubbles: true, ...at }));
  });
}

function csvOf(set) {
  const cell = (value) => {
    const text = value === null ? '' : String(value);
    return /[",\\r\\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  const head = set.columns.map((column) => column.csvName);
  return [head, ...valuesOf(set)].map((row) => row.map(cell).join(',') + '\\n').join('');
}

function offer(label, file, type, textOf) {
  const link = document.createElement('a');
  link.textContent = label;
  link.download = file;
  link.href = URL.createObjectURL(new Blob([textOf()], { type }));
  document.getElementById('downloads').append(link);
}

const sets = Object.entries(page.data);
for (const [name, set] of sets) {
  const [label, file] = sets.length === 1 ? ['Data', page.name] : ['Data: ' + name, page.name + '-' + name];
  offer(label + ' (CSV)', file + '.csv', 'text/csv', () => csvOf(set));
}
offer('Specification (Vega-Lite)', page.name + '.vl.json', 'application/json', () => {
  const datasets = Object.fromEntries(sets.map(([name, set]) => [name, rowsOf(set)]));
  return JSON.stringify({ ...page.spec, datasets }, null, 2);
});
narrow.addEventListener('change', draw);
// a font is else loaded when first drawn with, which is after it was measured
Promise.all([...document.fonts].map((font) => font.load())).then(draw).catch((error) => {
  drawing.textContent = 'The figure could not be drawn: ' + error.message;
});
`;
