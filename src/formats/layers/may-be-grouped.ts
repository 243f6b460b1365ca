import type { Layout, NamedTensor } from '../model-file.js';

/**
 * Whether a convolution of a file without a graph may be grouped. Its input channels are then an integer fraction of
 * the previous layer's output channels. A branch may look the same.
 * @param previous the tensors before it, the nearest first
 */
export function mayBeGrouped(
  { shape, layout: known }: NamedTensor,
  layout: Layout,
  previous: readonly NamedTensor[],
): boolean {
  if (known?.groups !== undefined || layout.kind !== 'convolution' || layout.rows[0] !== 0) return false;
  const [outputs = 0, inputs = 0, ...kernel] = shape;
  const before = previous.find(({ shape: other }) => other.length === shape.length)?.shape[0] ?? 0;
  const groups = before / inputs;
  return kernel.some((n) => n > 1) && Number.isInteger(groups) && groups > 1 && outputs % groups === 0;
}
