import type { ActivationDefinition } from './activation.js';
import { elu } from './elu.js';
import { gelu } from './gelu.js';
import { hardSigmoid } from './hard-sigmoid.js';
import { hardSwish } from './hard-swish.js';
import { leakyRelu } from './leaky-relu.js';
import { linear } from './linear.js';
import { mish } from './mish.js';
import { relu } from './relu.js';
import { relu6 } from './relu6.js';
import { selu } from './selu.js';
import { sigmoid } from './sigmoid.js';
import { silu } from './silu.js';
import { softplus } from './softplus.js';
import { tanh } from './tanh.js';

/**
 * The built-in activations by name, in the order of figures and tables. Constants are PyTorch's defaults. The first
 * eight are the paper's, in the order of its Figure 1.
 */
export const activationDefinitions = {
  linear,
  relu6,
  relu,
  leakyRelu,
  elu,
  softplus,
  hardSwish,
  silu,
  gelu,
  mish,
  selu,
  tanh,
  sigmoid,
  hardSigmoid,
} as const satisfies Readonly<Record<string, ActivationDefinition>>;

export type ActivationName = keyof typeof activationDefinitions;

export const activationNames = Object.keys(activationDefinitions) as readonly ActivationName[];

/** The paper's eight, in its order. */
export const paperActivations = activationNames.slice(0, 8);
