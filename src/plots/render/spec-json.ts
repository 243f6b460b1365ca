import type { TopLevelSpec } from 'vega-lite';

/** Longest line that holds a whole list or object. */
const WIDTH = 160;

/** Returns a specification as JSON that can be read and compared: indented, each row of data on a line. */
export function specJson(spec: TopLevelSpec): string {
  const { datasets = {}, ...rest } = spec as TopLevelSpec & {
    datasets?: Readonly<Record<string, unknown>> | undefined;
  };
  const sets = Object.entries(datasets).map(([name, rows]) => {
    const lines = Array.isArray(rows) ? rows.map((row) => `      ${JSON.stringify(row)}`).join(',\n') : '';
    return `    ${JSON.stringify(name)}: [\n${lines}\n    ]`;
  });
  if (sets.length === 0) return `${indented(rest)}\n`;
  const body = indented(rest).replace(/\n}$/, '');
  return `${body},\n  "datasets": {\n${sets.join(',\n')}\n  }\n}\n`;
}

/** JSON of which a list or an object stands on one line where it fits; the outermost never does. */
function indented(value: unknown, indent = ''): string {
  const line = JSON.stringify(value);
  const isWhole = typeof value !== 'object' || value === null || Object.keys(value).length === 0;
  if (isWhole || (indent !== '' && indent.length + line.length <= WIDTH)) return line;
  const inner = `${indent} `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const items = Array.isArray(value)
    ? value.map((item) => indented(item, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}: ${indented(item, inner)}`);
  return `${open}\n${items.map((item) => inner + item).join(',\n')}\n${indent}${close}`;
}
