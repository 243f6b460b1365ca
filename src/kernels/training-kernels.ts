import { decodeBase64, fusedBinary } from './kernel-instance.js';
import { trainingFusedKernels, trainingPlainKernels } from './training-kernels.generated.js';

/**
 * The functions that the training module exports. `View` and `Window` are the structures of `assembly/training/view.ts`
 * and `window.ts`. Every pointer is a byte offset into `memory`.
 */
export interface TrainingKernels {
  readonly memory: WebAssembly.Memory;
  addPositions(
    from: number,
    fromRow: number,
    channels: number,
    target: number,
    targetRow: number,
    positions: number,
  ): void;
  copyRows(
    from: number,
    fromRow: number,
    rows: number,
    bytes: number,
    target: number,
    targetRow: number,
  ): void;
  packWeights(weights: number, depth: number, columns: number, target: number): void;
  packTransposed(weights: number, rows: number, columns: number, target: number): void;
  productForward(
    x: number,
    positions: number,
    weights: number,
    y: number,
    measured: boolean,
    work: number,
  ): void;
  productBackward: Backward;
  windowForward: WindowForward;
  windowBackward: Backward;
  depthwiseForward: WindowForward;
  depthwiseBackward: Backward;
  poolForward(x: number, images: number, positions: number, y: number, work: number): void;
  poolBackward(
    y: number,
    images: number,
    positions: number,
    x: number,
    added: boolean,
    measured: boolean,
  ): void;
  scaleForward(x: number, gate: number, images: number, positions: number, y: number, work: number): void;
  scaleBackward(x: number, gate: number, images: number, positions: number, y: number, work: number): void;
  shortcutForward(
    x: number,
    entry: number,
    channels: number,
    positions: number,
    y: number,
    work: number,
  ): void;
  readPositions(
    x: number,
    from: number,
    positions: number,
    bytes: number,
    target: number,
    targetRow: number,
  ): void;
  gradientPositions(v: number, from: number, positions: number, target: number): void;
  sumGradients(v: number, from: number, positions: number, column: number, bytes: number): void;
  descend(
    w: number,
    g: number,
    v: number,
    count: number,
    rate: number,
    momentum: number,
    decay: number,
    nesterov: boolean,
  ): void;
  descendAdam(
    w: number,
    g: number,
    first: number,
    second: number,
    count: number,
    rate: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    epsilon: number,
    keep: number,
    root: number,
  ): void;
  follow(average: number, w: number, count: number, part: number): void;
}

type WindowForward = (
  x: number,
  window: number,
  weights: number,
  y: number,
  measured: boolean,
  work: number,
) => void;

/** `window` is the number of positions where the window is one pixel. */
type Backward = (
  x: number,
  window: number,
  weights: number,
  y: number,
  weightGradient: number,
  other: number,
  otherRow: number,
  others: number,
  measured: boolean,
  work: number,
) => void;

/** How products are added to a sum: rounded once, or twice, which every processor can. */
export type TrainingBuild = 'fused' | 'plain';

const compiled: Partial<Record<TrainingBuild, WebAssembly.Module>> = {};

/**
 * Returns a new instance of the training kernels, with its own memory. The first call of a build compiles its code.
 *
 * @throws the error of `new WebAssembly.Module` if WebAssembly or its SIMD is missing or forbidden, or relaxed SIMD for
 * the fused build
 */
export function createTrainingKernels(build: TrainingBuild = trainingBuild()): TrainingKernels {
  compiled[build] ??= new WebAssembly.Module(
    build === 'fused' ? fusedBinary(trainingFusedKernels) : decodeBase64(trainingPlainKernels),
  );
  return new WebAssembly.Instance(compiled[build], {}).exports as unknown as TrainingKernels;
}

let supported: TrainingBuild | undefined;

/**
 * Returns the build for this machine: the fused one if its WebAssembly supports it and its processor rounds once.
 * Elsewhere both have the same bits.
 */
export function trainingBuild(): TrainingBuild {
  return (supported ??=
    WebAssembly.validate(fusedBinary(trainingFusedKernels)) && roundsOnce(createTrainingKernels('fused'))
      ? 'fused'
      : 'plain');
}

/** Whether products are fused: (1 + e) (1 - e) - 1 is -e^2 only if the product is not rounded. */
function roundsOnce({ memory, follow }: TrainingKernels): boolean {
  const e = 2 ** -20;
  const [average, w] = [memory.buffer.byteLength, memory.buffer.byteLength + 16];
  memory.grow(1);
  const numbers = new Float32Array(memory.buffer, average, 8);
  // average + (1 - e) (w - average), with w - average = 1 + e
  numbers.fill(-1, 0, 4).fill(e, 4);
  follow(average, w, 4, 1 - e);
  return numbers[0] !== 0;
}
