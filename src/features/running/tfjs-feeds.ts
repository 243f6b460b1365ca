import type { Feed } from '../inputs/model-inputs.js';
import { tf } from '../../layers/tensors.js';
import type { ValueNumbers } from './runnable.js';

/** Returns the tensor of an input. @param dtype of the model's input */
export function tensorOfFeed({ data, shape }: Feed, dtype = 'float32'): tf.Tensor {
  const isWhole = dtype === 'int32' || dtype === 'bool';
  const numbers = isWhole
    ? Int32Array.from(data as ArrayLike<number>, Number)
    : Float32Array.from(data as ArrayLike<number>, Number);
  return tf.tensor(numbers, [...shape], isWhole ? 'int32' : 'float32');
}

/** Returns the numbers of a tensor. */
export function numbersOfTensor(tensor: tf.Tensor): ValueNumbers {
  const data = tensor.dataSync();
  return {
    shape: tensor.shape,
    data: data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>),
  };
}
