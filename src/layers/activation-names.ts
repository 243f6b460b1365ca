/** The names of the built-in nonlinearities, without the tensors they are made of; the first eight are the paper's. */
export const activationNames = [
  'linear',
  'relu6',
  'relu',
  'leakyRelu',
  'elu',
  'softplus',
  'hardSwish',
  'silu',
  'gelu',
  'mish',
  'selu',
  'tanh',
  'sigmoid',
  'hardSigmoid',
] as const;

export type ActivationName = (typeof activationNames)[number];

/** The paper's eight, in its order. */
export const paperActivations = activationNames.slice(0, 8);
