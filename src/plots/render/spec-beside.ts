import type { TopLevelSpec } from 'vega-lite';
import { columnsOf, snakeCase } from '../../files/csv.js';
import type { Figure, FigureRow } from './figure.js';

type Node = Readonly<Record<string, unknown>>;

/**
 * Returns a figure's specification that reads its data sets from CSV files. Each view that names a data set names the
 * file, the types of its columns, and the columns whose name differs from the field. A data set that differs from the
 * figure's file is kept inside.
 * @param fileOf the file of a data set, from the folder of the specification
 */
export function specBeside(figure: Figure, fileOf: (name: string) => string): TopLevelSpec {
  const { datasets = {}, ...spec } = figure.spec as unknown as Node & {
    datasets?: Record<string, readonly FigureRow[]> | undefined;
  };
  const isBeside = (name: string) => JSON.stringify(datasets[name]) === JSON.stringify(figure.data[name]);
  const sources = new Map(
    Object.entries(datasets)
      .filter(([name]) => isBeside(name))
      .map(([name, rows]) => [name, fileSource(fileOf(name), rows)]),
  );
  const inside = Object.fromEntries(Object.entries(datasets).filter(([name]) => !sources.has(name)));
  return {
    ...(withSources(spec, sources) as object),
    ...(Object.keys(inside).length > 0 && { datasets: inside }),
  } as TopLevelSpec;
}

interface Source {
  readonly data: object;
  readonly transform: readonly object[];
}

function fileSource(url: string, rows: readonly FigureRow[]): Source {
  const fields = columnsOf(rows);
  const parse = Object.fromEntries(fields.map((field) => [snakeCase(field), typeOf(rows, field)]));
  return {
    data: { url, format: { type: 'csv', parse } },
    transform: fields
      .filter((field) => snakeCase(field) !== field)
      .map((field) => ({ calculate: `datum[${JSON.stringify(snakeCase(field))}]`, as: field })),
  };
}

/** Empty cells become null whatever the type. */
function typeOf(rows: readonly FigureRow[], field: string): 'number' | 'boolean' | 'string' {
  const types = new Set(rows.map((row) => typeof (row[field] ?? undefined)));
  types.delete('undefined');
  const [type] = types;
  return types.size === 1 && (type === 'number' || type === 'boolean') ? type : 'string';
}

/** The specification with every `data: { name }` that has a source replaced, at whatever depth. */
function withSources(node: unknown, sources: ReadonlyMap<string, Source>): unknown {
  if (Array.isArray(node)) return node.map((item) => withSources(item, sources));
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withSources(value, sources)]),
  );
  const source = sources.get(String((node as { data?: { name?: unknown } | undefined }).data?.name));
  if (!source) return copy;
  const transform = [...source.transform, ...((copy['transform'] as object[] | undefined) ?? [])];
  return { ...copy, data: source.data, ...(transform.length > 0 && { transform }) };
}
