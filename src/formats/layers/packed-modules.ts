import { isFloat } from '../dtypes.js';
import type { NamedTensor } from '../model-file.js';

/** Last parts of the names of integers that hold packed weights, by the tool that writes them. */
const packedNames =
  /^(qweight|q_weight|weight_packed|W_q|codes|Qidxs|dense_weights|indices|B|weight|kernel|_?weight_qdata|_data|\w*_blocks)$/;

/** Scales of activations do not concern weights. */
const otherScales = /input|activation|output|^k_|^v_|^q_|^kv_/i;

/**
 * Returns the reason why a tensor of floating-point numbers is not a layer. It belongs to packed integers of the same
 * module, or it is float8 beside a scale that was not applied. Names alone tell; undefined for all others.
 */
export function packedModules(tensors: readonly NamedTensor[]): (tensor: NamedTensor) => string | undefined {
  const packed = new Map<string, string>();
  const scales = new Map<string, string>();
  const unscaled = new Map<string, string>();
  for (const { name, dtype, shape, quantisation } of tensors) {
    const [module, last] = split(name);
    if (!isFloat(dtype) && !quantisation && shape.length > 1 && packedNames.test(last))
      packed.set(module, name);
    if (isFloat(dtype) && /scal(e|ing)/i.test(last) && !otherScales.test(last)) scales.set(module, name);
    if (dtype.startsWith('float8') && !quantisation && isWeight(last)) unscaled.set(module, name);
  }
  return ({ name, dtype, layout }) => {
    const [module, last] = split(name);
    const [integers, scale, weight] = [packed.get(module), scales.get(module), unscaled.get(module)];
    if (integers !== undefined && isFloat(dtype) && !layout && !isWeight(last))
      return `a part of ${integers}, which is packed; use the model it was made from`;
    if (scale === undefined || weight === undefined) return undefined;
    if (name === weight)
      return `${dtype} beside ${scale}, which cannot be applied: its spectrum would be wrong`;
    return name === scale ? `a scale of ${weight}` : undefined;
  };
}

const isWeight = (last: string) => last === 'weight' || last === 'kernel';

/** Returns the module of a name and its last part. */
function split(name: string): [module: string, last: string] {
  const at = name.lastIndexOf('.');
  return [name.slice(0, Math.max(0, at)), name.slice(at + 1)];
}
