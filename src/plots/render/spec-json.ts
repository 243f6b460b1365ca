import type { TopLevelSpec } from 'vega-lite';

/** Returns a specification as JSON that can be read and compared: indented, each row of data on a line. */
export function specJson(spec: TopLevelSpec): string {
  const { datasets = {}, ...rest } = spec as TopLevelSpec & { datasets?: Readonly<Record<string, unknown>> };
  const sets = Object.entries(datasets).map(([name, rows]) => {
    const lines = Array.isArray(rows) ? rows.map((row) => `      ${JSON.stringify(row)}`).join(',\n') : '';
    return `    ${JSON.stringify(name)}: [\n${lines}\n    ]`;
  });
  const body = JSON.stringify(rest, null, 2).replace(/\n}$/, '');
  return `${body},\n  "datasets": {\n${sets.join(',\n')}\n  }\n}\n`;
}
