import { unknown } from '../../errors.js';
import type {
  Accuracy,
  CertifiedCount,
  EngineOptions,
  Spectrum,
  SpectrumEngine,
  Threshold,
} from '../engine.js';
import { checkShape, type Matrix } from '../matrix.js';
import { certifiedCount, certifiedCounts, gramOf } from './certified-count.js';
import { bidiagonalOf } from './full-reduction.js';
import { fullSpectrum } from './full-spectrum.js';
import { gramSpectrum, spectrumWorkBytes } from './gram/gram-spectrum.js';
import { KernelInstance } from '../../kernels/kernel-instance.js';
import { spectrumAndCounts } from './spectrum-and-counts.js';

/** Memory above this is freed after a call. */
const KEPT_BYTES = 256 * 2 ** 20;

/**
 * The WebAssembly engine: singular values by the compiled kernels. It keeps one memory, as large as its largest call
 * needed; `release()` frees it.
 */
export class WasmEngine implements SpectrumEngine {
  readonly name = 'wasm';
  private readonly instance = new KernelInstance();

  /** @throws the error of `new WebAssembly.Module` if WebAssembly or its SIMD is missing */
  constructor() {
    void this.instance.kernels;
  }

  singularValues(matrix: Matrix, options: EngineOptions = {}): Spectrum {
    checkShape(matrix);
    const size = Math.min(matrix.rows, matrix.columns);
    const method = methodOf(matrix, options.accuracy);
    if (size === 0) return { values: new Float64Array(0), relativeError: 0, method };
    const { verify } = options;
    return this.use((instance) =>
      method === 'full'
        ? fullSpectrum(instance, bidiagonalOf(instance, matrix), verify)
        : gramSpectrum(instance, gramOf(instance, matrix, size, spectrumWorkBytes(size)), verify).spectrum,
    );
  }

  /** Returns the singular values and the certified count above each threshold, from the same reduction. */
  spectrumAndCounts(matrix: Matrix, thresholds: readonly Threshold[], options: EngineOptions = {}) {
    checkShape(matrix);
    const method = methodOf(matrix, options.accuracy);
    return this.use((instance) => spectrumAndCounts(instance, matrix, thresholds, method, options.verify));
  }

  /** Returns the number of singular values above max(absolute, relative σ₁), exact or as a proved interval. */
  certifiedCount(matrix: Matrix, threshold: Threshold): CertifiedCount {
    return this.use((instance) => certifiedCount(instance, matrix, threshold));
  }

  /** Returns the counts above several thresholds, faster than one after the other. */
  certifiedCounts(matrix: Matrix, thresholds: readonly Threshold[]): CertifiedCount[] {
    return this.use((instance) => certifiedCounts(instance, matrix, thresholds));
  }

  /** Bytes of memory held now. */
  get heldBytes(): number {
    return this.instance.heldBytes;
  }

  release(): void {
    this.instance.release();
  }

  /** Runs a computation and frees the memory afterwards if it grew very large. */
  private use<T>(compute: (instance: KernelInstance) => T): T {
    try {
      return compute(this.instance);
    } finally {
      if (this.instance.heldBytes > KEPT_BYTES) this.instance.release();
    }
  }
}

/** `auto` is the Gram method for float32 data, which it resolves, and the full method for float64 data. */
function methodOf(matrix: Matrix, accuracy: Accuracy = 'auto'): 'gram' | 'full' {
  switch (accuracy) {
    case 'gram':
    case 'full':
      return accuracy;
    case 'auto':
      return matrix.data instanceof Float32Array ? 'gram' : 'full';
    default:
      throw unknown('accuracy', accuracy, ['auto', 'gram', 'full']);
  }
}
