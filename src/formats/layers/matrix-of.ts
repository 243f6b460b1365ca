import { invalid } from '../../errors.js';
import { lengthOf, rowMajor } from '../elements.js';
import type { Layout, NamedTensor } from '../model-file.js';
import { readBlock } from './read-block.js';
import type { FollowingNormalization, WeightMatrix } from './weight-matrix.js';

/**
 * A part of a tensor that is a matrix. Rows and columns are given by where they begin, as flat indices that are added.
 */
interface Part {
  readonly name: string;
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  /** Its number among equal groups of the outputs. */
  readonly group: number;
}

/** Returns the matrices of a tensor: one, or one for each index of the axes `each` and for each group. */
export function matricesOf(
  tensor: NamedTensor,
  layout: Layout,
  more: Pick<WeightMatrix, 'notes' | 'normalization'>,
): WeightMatrix[] {
  const { normalization } = more;
  return partsOf(tensor, layout).map(({ name, rows, columns, group }) => ({
    name,
    aliases: tensor.aliases,
    kind: layout.kind,
    rows: rows.length,
    columns: columns.length,
    shape: tensor.shape,
    dtype: tensor.dtype,
    quantisation: tensor.quantisation,
    ...more,
    normalization: normalization && ofGroup(normalization, group, rows.length),
    read: (row, count, column = 0, width = columns.length - column) => {
      checkRange('rows', name, row, count, rows.length);
      checkRange('columns', name, column, width, columns.length);
      return readBlock(tensor, rows.subarray(row, row + count), columns.subarray(column, column + width));
    },
  }));
}

function partsOf({ name, shape }: NamedTensor, layout: Layout): Part[] {
  const { kind, rows, columns, each = [], groups = 1 } = layout;
  const strides = rowMajor(shape);
  const offsets = (axes: readonly number[]) => offsetsOf(axes.map((axis) => [shape[axis]!, strides[axis]!]));
  const [own, inner] = [offsets(rows), offsets(columns)];
  let parts: Part[] = [{ name, rows: own, columns: inner, group: 0 }];
  if (groups > 1) {
    // a transposed convolution has the groups along its inputs
    const along = kind === 'transposed convolution' ? 'columns' : 'rows';
    parts = parts.flatMap((part) =>
      Array.from({ length: groups }, (_, i) => {
        const size = part[along].length / groups;
        return {
          ...part,
          name: `${name}[group ${i}]`,
          group: i,
          [along]: part[along].subarray(i * size, (i + 1) * size),
        };
      }),
    );
  }
  if (lengthOf(each.map((axis) => shape[axis]!)) === 1) return parts;
  return [...offsets(each)].flatMap((offset, i) =>
    parts.map((part) => ({ ...part, name: `${part.name}[${i}]`, rows: part.rows.map((at) => at + offset) })),
  );
}

/** Returns the normalization of the outputs of one group. */
function ofGroup(whole: FollowingNormalization, group: number, rows: number): FollowingNormalization {
  const { factors } = whole;
  if (!factors) return whole;
  return {
    ...whole,
    factors: async () => {
      const all = await factors();
      return all.length > rows ? all.subarray(group * rows, (group + 1) * rows) : all;
    },
  };
}

/** Returns the flat index of every combination of indices, the last axis varying fastest. */
function offsetsOf(axes: readonly (readonly [length: number, stride: number])[]): Float64Array {
  const out = new Float64Array(lengthOf(axes.map(([length]) => length)));
  let repeat = out.length;
  for (const [length, stride] of axes) {
    repeat /= length;
    for (let i = 0; i < out.length; i++) out[i]! += (Math.floor(i / repeat) % length) * stride;
  }
  return out;
}

function checkRange(thing: string, name: string, start: number, count: number, length: number): void {
  if (
    Number.isInteger(start) &&
    Number.isInteger(count) &&
    start >= 0 &&
    count >= 0 &&
    start + count <= length
  )
    return;
  throw invalid(`${thing} of ${name}`, `${start} to ${start + count}`, `0 to ${length}`);
}
