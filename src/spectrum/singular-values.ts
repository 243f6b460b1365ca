import { invalid } from '../errors.js';
import { oneOf, orElse, readOptions, strict, type OptionEntries } from '../schema.js';
import type { Accuracy, Spectrum } from './engine.js';
import { type EngineChoice, engineChoices, resolveEngine } from './engines.js';
import { isResolved } from './is-resolved.js';
import { beyondDoubles, checkShape, type Matrix } from './matrix.js';

export interface SpectrumOptions {
  /**
   * The engine that computes the singular values.
   * @default 'auto'
   */
  readonly engine?: EngineChoice | undefined;
  /**
   * `gram`: from the eigenvalues of A Aᵀ, fast; a singular value is resolved down to about 1e-7 of the largest.
   * `full`: from A itself, to about (rows + columns) 2^-53 of the largest. `auto`: full for float64, and
   * gram for float32 unless that loses the smallest value. ml-matrix has only the full method.
   * @default 'auto'
   */
  readonly accuracy?: Accuracy | undefined;
}

/**
 * Returns the singular values of the matrix, a Float64Array of min(rows, columns) numbers in descending order. They are
 * computed in float64, also for a float32 matrix, and have the unit of its entries. Their error depends on `accuracy`,
 * see {@link SpectrumOptions}.
 *
 * An empty matrix has an empty spectrum, and a zero matrix has a spectrum of zeros. The matrix is not changed.
 * @throws RangeError if the matrix holds a NaN or an infinity (with the position), if its sizes do not fit its data,
 * for an unknown option, engine or accuracy, for an accuracy that the engine lacks, or if the largest singular value
 * exceeds the largest float64, 1.8e308.
 * @example
 * singularValues({ data: Float64Array.of(3, 0, 0, -4), rows: 2, columns: 2 }); // Float64Array [4, 3]
 */
export function singularValues(matrix: Matrix, options: SpectrumOptions = {}): Float64Array {
  const { accuracy, engine: choice } = readSpectrumOptions(options);
  const engine = resolveEngine(choice);
  checkShape(matrix);
  if (matrix.data.length === 0) return new Float64Array(Math.min(matrix.rows, matrix.columns));
  const spectrum = checkFinite(engine.singularValues(matrix, { accuracy }));
  if (accuracy !== 'auto' || isResolved(spectrum, matrix)) return spectrum.values;
  return engine.singularValues(matrix, { accuracy: 'full' }).values;
}

/** The options of spectra, by key. */
export const spectrumOptions = {
  engine: orElse(oneOf(engineChoices), 'auto'),
  accuracy: orElse(oneOf(['auto', 'gram', 'full']), 'auto'),
} satisfies OptionEntries<SpectrumOptions>;

const spectrumSchema = strict(spectrumOptions);

/**
 * Returns the options with their defaults.
 *
 * @throws RangeError for an unknown option, engine or accuracy, and for an accuracy that the engine does not have
 */
export function readSpectrumOptions(options: SpectrumOptions): { engine: EngineChoice; accuracy: Accuracy } {
  const { accuracy, engine } = readOptions(spectrumSchema, options);
  if (accuracy === 'gram' && engine === 'ml-matrix')
    throw invalid('accuracy', accuracy, 'auto or full with the engine ml-matrix, which has no other method');
  return { accuracy, engine };
}

/** @throws RangeError if the largest singular value overflows float64 */
export function checkFinite(spectrum: Spectrum): Spectrum {
  if (spectrum.values[0] !== Infinity) return spectrum;
  throw beyondDoubles();
}
