import { range } from '../axes.js';
import type { Layout } from '../model-file.js';
import { type PyCall, PyDict, type PyValue } from '../pickle/python-values.js';

/**
 * Returns the layout of a parameter from the class of the module that holds it, such as `torch.nn.modules.conv.Conv2d`.
 * Undefined for classes that are not known, and for parameters of fewer than two dimensions.
 */
export function moduleLayout(
  module: PyCall,
  parameter: string,
  shape: readonly number[],
): Layout | undefined {
  const name = module.callee.name.slice(module.callee.name.lastIndexOf('.') + 1);
  if (shape.length < 2) return undefined;
  const rest = range(1, shape.length);
  if (/^(Lazy)?Conv[123]d/.test(name) && parameter === 'weight') {
    const groups = attribute(module, 'groups');
    if (groups !== undefined && groups > 1 && shape[1] === 1)
      return { kind: 'depthwise convolution', rows: [0], columns: rest };
    return { kind: 'convolution', rows: [0], columns: rest, groups };
  }
  if (/^(Lazy)?ConvTranspose[123]d/.test(name) && parameter === 'weight') {
    const columns = [0, ...range(2, shape.length)];
    return { kind: 'transposed convolution', rows: [1], columns, groups: attribute(module, 'groups') };
  }
  if (/^Conv1D$/.test(name) && parameter === 'weight') return { kind: 'linear', rows: [1], columns: [0] };
  if (/^Embedding(Bag)?$/.test(name)) return { kind: 'embedding', rows: [0], columns: rest };
  if (/^(LSTM|GRU|RNN)(Cell)?$/.test(name)) return { kind: 'recurrent', rows: [0], columns: rest };
  if (/^(Lazy|NonDynamicallyQuantizable)?(Linear|Bilinear)$|^MultiheadAttention$/.test(name))
    return { kind: 'linear', rows: [0], columns: rest };
  return undefined;
}

function attribute({ state }: PyCall, name: string): number | undefined {
  const value: PyValue | undefined = state instanceof PyDict ? state.get(name) : undefined;
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : undefined;
}
