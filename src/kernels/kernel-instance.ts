import { fusedKernels, plainKernels } from './kernels.generated.js';

/** The functions the compiled kernels export; every pointer is a byte offset into `memory`. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  activate(x: number, y: number, count: number, which: number): void;
  addChannels(x: number, channels: number, y: number, width: number, positions: number): void;
  bidiagonalise(
    a: number,
    rows: number,
    columns: number,
    diagonal: number,
    below: number,
    work: number,
  ): void;
  fillNormal(state: number, table: number, sd: number, target: number, from: number, count: number): number;
  fillUniform(
    state: number,
    low: number,
    scale: number,
    first: number,
    last: number,
    target: number,
    count: number,
  ): void;
  inertia(s: number, panels: number, left: number, factors: number, growth: number): number;
  mixChannels(
    x: number,
    positions: number,
    inputs: number,
    weights: number,
    outputs: number,
    packed: number,
    sums: number,
  ): void;
  multiplyChannels(
    x: number,
    positions: number,
    channels: number,
    weights: number,
    sums: number,
    rowBytes: number,
  ): void;
  measureChannels(
    sums: number,
    positions: number,
    rowBytes: number,
    table: number,
    centred: boolean,
    epsilon: number,
  ): void;
  finishChannels(
    sums: number,
    positions: number,
    channels: number,
    rowBytes: number,
    table: number,
    y: number,
  ): void;
  negativeTrace(factors: number, n: number, size: number, vectors: number): number;
  packWeights(weights: number, inputs: number, outputs: number, target: number): void;
  packRowsF32: Pack;
  packRowsF64: Pack;
  packColumnsF32: Pack;
  packColumnsF64: Pack;
  largestInColumns: Largest;
  largestInRows: Largest;
  quantiseColumns: Quantise;
  quantiseRows: Quantise;
  quantisedAccumulate(packed: number, panels: number, pairs: number, c: number): void;
  restoreTriangle(copy: number, s: number, panels: number): void;
  saveTriangle(s: number, panels: number, copy: number): number;
  scaleSymmetric(c: number, panels: number, scales: number): void;
  subtractShift(s: number, panels: number, shift: number): void;
  symmetricProduct(packed: number, panels: number, depth: number, c: number, work: number): void;
  symmetricTimesVector(s: number, panels: number, x: number, y: number): void;
  squaredNorm(x: number, count: number): number;
  triangularise(l: number, panels: number, b: number, width: number, work: number): void;
  tridiagonalise(a: number, n: number, diagonal: number, offDiagonal: number, work: number): void;
  tridiagonaliseByBand(a: number, n: number, diagonal: number, offDiagonal: number, work: number): void;
  tridiagonalEigenvalues(diagonal: number, squares: number, n: number, work: number): number;
}

type Largest = (source: number, stride: number, rows: number, columns: number, largest: number) => void;

type Quantise = (
  source: number,
  stride: number,
  count: number,
  depth: number,
  factors: number,
  target: number,
) => void;

type Pack = (
  source: number,
  stride: number,
  side: number,
  depth: number,
  target: number,
  scale: number,
) => void;

/** One page of WebAssembly memory. */
const PAGE = 65536;
/** Bytes that 32-bit WebAssembly can address, less one page so that "one past the end" is representable. */
export const ADDRESSABLE_BYTES = 65535 * PAGE;
/** Vectors are loaded 16 bytes at a time; a cache line keeps neighbours apart. */
const ALIGNMENT = 64;

let compiled: WebAssembly.Module | undefined;
/** An instance that is not in use yet. */
let spare: Kernels | undefined;

/**
 * Compiles and instantiates the kernels for the next `KernelInstance`. Some browsers refuse to do either synchronously
 * on their main thread; there this must be awaited first.
 *
 * @throws the error of `WebAssembly.compile` if WebAssembly or its SIMD is missing or forbidden
 */
export async function prepareKernels(): Promise<void> {
  compiled ??= await WebAssembly.compile(supportedBinary());
  spare ??= (await WebAssembly.instantiate(compiled, {})).exports as unknown as Kernels;
}

/** Returns the error that keeps the kernels from running here synchronously, or undefined if they run. */
export function kernelsProblem(): unknown {
  try {
    spare ??= instantiate();
    return undefined;
  } catch (problem) {
    return problem;
  }
}

function instantiate(): Kernels {
  compiled ??= new WebAssembly.Module(supportedBinary());
  return new WebAssembly.Instance(compiled, {}).exports as unknown as Kernels;
}

/** Returns the module for this platform: the fused multiply-add one if its WebAssembly supports it. */
function supportedBinary(): Uint8Array<ArrayBuffer> {
  const fused = fusedBinary(fusedKernels);
  return WebAssembly.validate(fused) ? fused : decodeBase64(plainKernels);
}

/** Returns a module with relaxed SIMD, which is allowed from then on. */
export function fusedBinary(base64: string): Uint8Array<ArrayBuffer> {
  allowRelaxedSimd();
  return decodeBase64(base64);
}

/** Enables relaxed SIMD in Node 20, where the standardised instructions need a flag set before a module is compiled. */
function allowRelaxedSimd(): void {
  const { process } = globalThis as { process?: NodeJS.Process | undefined };
  if (!process?.versions?.node?.startsWith('20.')) return;
  const v8 = process.getBuiltinModule?.('node:v8');
  v8?.setFlagsFromString('--experimental-wasm-relaxed-simd');
}

/**
 * The compiled kernels with their linear memory. The memory grows to the size of the largest call, is reused by later
 * calls and is freed by `release`. An instance is not shared: it serves one caller at a time.
 */
export class KernelInstance {
  private instance: Kernels | undefined;
  private start = 0;
  private top = 0;

  /** Returns an instance that leaves the spare one to others, or undefined if none can be created synchronously. */
  static another(): KernelInstance | undefined {
    const another = new KernelInstance();
    try {
      another.take(instantiate());
      return another;
    } catch {
      return undefined;
    }
  }

  /** @throws the error of `new WebAssembly.Module` if WebAssembly or its SIMD is missing */
  get kernels(): Kernels {
    if (this.instance !== undefined) return this.instance;
    const taken = this.take(spare ?? instantiate());
    spare = undefined;
    return taken;
  }

  private take(kernels: Kernels): Kernels {
    // address 0 is unused, so that a pointer can be counted down past the start of its region
    this.start = Math.max(PAGE, kernels.memory.buffer.byteLength);
    return (this.instance = kernels);
  }

  /** Bytes of memory held now. */
  get heldBytes(): number {
    return this.instance?.memory.buffer.byteLength ?? 0;
  }

  /**
   * Returns the byte offsets of regions of the given sizes, one after the other from the start of memory. Regions of
   * earlier calls are overwritten. The contents are undefined.
   *
   * @throws RangeError naming `purpose` and the memory needed if it is not available
   */
  layout(byteSizes: readonly number[], purpose: string): number[] {
    const needed = byteSizes.reduce((sum, size) => sum + roundUp(size), 0);
    growMemory(this.kernels.memory, this.start, needed, purpose);
    this.top = this.start;
    return byteSizes.map((size) => {
      const offset = this.top;
      this.top += roundUp(size);
      return offset;
    });
  }

  float64(offset: number, length: number): Float64Array {
    return new Float64Array(this.kernels.memory.buffer, offset, length);
  }

  float32(offset: number, length: number): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, offset, length);
  }

  /**
   * Frees the memory; the next call starts with a small one. If no new instance can be created synchronously, this one
   * is kept.
   */
  release(): void {
    if (kernelsProblem() === undefined) this.instance = undefined;
  }
}

/**
 * Grows the memory so that `needed` bytes lie behind `start`.
 * @throws RangeError naming `purpose` and the memory needed if it is not available
 */
export function growMemory(memory: WebAssembly.Memory, start: number, needed: number, purpose: string): void {
  if (!(needed + 2 * PAGE <= ADDRESSABLE_BYTES)) throw tooLarge(purpose, needed);
  const missing = start + needed - memory.buffer.byteLength;
  if (missing <= 0) return;
  try {
    memory.grow(Math.ceil(missing / PAGE));
  } catch (cause) {
    throw tooLarge(purpose, needed, cause);
  }
}

/** Returns the bytes a region takes. */
export function roundUp(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function tooLarge(purpose: string, bytes: number, cause?: unknown): RangeError {
  const max = mebibytes(ADDRESSABLE_BYTES);
  const why = cause === undefined ? `WebAssembly can address ${max}` : 'the system does not grant it';
  return new RangeError(`invalid size: ${purpose} needs ${mebibytes(bytes)} of memory; ${why}`, { cause });
}

/** Formats a number of bytes. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

/** Returns the bytes of a generated module. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
