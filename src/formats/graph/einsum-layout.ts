import type { Layout } from '../model-file.js';
import type { GraphNode } from '../model-graph.js';

/**
 * Returns the layout of an operand of an Einsum, such as `abc,cd->abd`. Rows are the axes that it alone gives to the
 * output, columns those that are summed; axes in all three are matrices of their own.
 */
export function einsumLayout({ attributes }: GraphNode, operand: number, axes: number): Layout | undefined {
  const equation = attributes.get('equation');
  if (typeof equation !== 'string') return undefined;
  const [, inputs = '', output = ''] = /^([^>]*)->(.*)$/.exec(equation.replace(/\s/g, '')) ?? [];
  const terms = inputs.split(',');
  const own = terms[operand] ?? '';
  const other = terms[1 - operand] ?? '';
  if (terms.length !== 2 || own.length !== axes || own.includes('.')) return undefined;
  const those = (holds: (label: string) => boolean) =>
    Array.from(own, (label, axis) => (holds(label) ? axis : -1)).filter((axis) => axis >= 0);
  const columns = those((label) => !output.includes(label));
  const rows = those((label) => output.includes(label) && !other.includes(label));
  const each = those((label) => output.includes(label) && other.includes(label));
  if (columns.length === 0 || rows.length === 0) return undefined;
  return { kind: 'linear', rows, columns, each };
}
