/** The full definition of an activation function. Each has its own file; `definitions.ts` collects them. */
export interface ActivationDefinition {
  /** The name a reader sees: `Hard swish`. */
  readonly label: string;
  readonly style: ActivationStyle;
  /** The formula in x, as text. */
  readonly formula: string;
  /** Returns f(x) in float64: the reference of the tests, and the function that theory takes. */
  readonly value: (x: number) => number;
  /** Returns f'(x) in float64; at a kink, PyTorch's choice. */
  readonly derivative: (x: number) => number;
  /** The longest intervals on which f is a straight line with another slope than 0; none where it is smooth. */
  readonly linearPieces: readonly (readonly [low: number, high: number])[];
  /** Returns f(x) written with the operations of tensors or of a graph. */
  readonly compose: <T>(x: T, operations: ActivationOperations<T>) => T;
  /**
   * An AssemblyScript expression in `x: v128` (four float32), compiled into the kernels; it may call the functions of
   * `kernels/assembly/elementary.ts`. Null leaves the activation to the tensor backend.
   */
  readonly kernel: string | null;
  /**
   * How the training kernels compute f and f': as a clip of x, or by AssemblyScript statements. The statements set `y`
   * to f(x) and `d` to f'(x). They may use `x`, `zero` and `one` (all `v128`) and the functions of
   * `kernels/assembly/elementary.ts`.
   */
  readonly training: Clip | string;
}

/** f(x) = min(max(x, low), high), whose derivative is 1 between the two and 0 elsewhere. */
export interface Clip {
  readonly low: number;
  readonly high: number;
}

/** The look of an activation's line, the same in every figure. No two activations share a colour, dash or shape. */
export interface ActivationStyle {
  /** `#rrggbb`. */
  readonly colour: string;
  /** Line dash in pixels, on and off in turn; `[1, 0]` is a solid line. */
  readonly dash: readonly number[];
  /** The mark of a point: a Vega shape name, or an SVG path. The path should fill about the square [-1, 1]. */
  readonly shape: string;
}

/** The operations that compose an activation; `T` is a tensor or the name of a graph node. */
export interface ActivationOperations<T> {
  identity(x: T): T;
  add(x: T, y: T | number): T;
  mul(x: T, y: T | number): T;
  div(x: T, y: T | number): T;
  relu(x: T): T;
  relu6(x: T): T;
  leakyRelu(x: T, slope: number): T;
  elu(x: T): T;
  selu(x: T): T;
  sigmoid(x: T): T;
  tanh(x: T): T;
  softplus(x: T): T;
  erf(x: T): T;
}
