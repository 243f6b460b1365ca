import type { WeightMatrix } from './weight-matrix.js';

/** Projections whose thirds of the rows are query, key and value, by the conventions of torch, timm and GPT-2. */
const fused = /(^|[./])(in_proj_weight|qkv[./](weight|kernel)|c_attn[./]weight)$/;

/** Returns query, key and value of a fused projection as matrices of their own; any other matrix as it is. */
export function splitFused(matrix: WeightMatrix): WeightMatrix[] {
  const { name, rows, columns, read } = matrix;
  if (!fused.test(name) || rows !== 3 * columns) return [matrix];
  return ['query', 'key', 'value'].map((part, i) => ({
    ...matrix,
    name: `${name}[${part}]`,
    rows: columns,
    normalization: undefined,
    read: (row, count, column, width) => read(row + i * columns, count, column, width),
  }));
}
