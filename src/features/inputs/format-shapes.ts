import type { GraphValue } from '../../formats/model-graph.js';

/** Returns the inputs of a model in words: `images float32 [any, 224, 224, 3]`. */
export function formatInputs(inputs: readonly GraphValue[]): string {
  return inputs
    .map(({ name, shape, dtype }) => [name, dtype, shape && formatShape(shape)].filter(Boolean).join(' '))
    .join(', ');
}

/** Returns a shape in words; a size that is not fixed is `any`. */
export function formatShape(shape: readonly (number | null)[]): string {
  return `[${shape.map((size) => size ?? 'any').join(', ')}]`;
}

/** Whether an array has the shape of an input, for any number of samples. */
export function fitsShape(shape: readonly number[], wanted: readonly (number | null)[] | undefined): boolean {
  if (!wanted) return shape.length > 0;
  return (
    shape.length === wanted.length &&
    shape.every((size, i) => i === 0 || wanted[i] === null || wanted[i] === size)
  );
}
