import { invalid } from '../errors.js';
import { orElse, readOptions, strict, wholeFrom, type OptionEntries } from '../schema.js';
import { checkSpectrum, type SingularValues } from './spectrum.js';

/** What RankMe adds to every share, so that its logarithm exists: the paper's value for float32. */
const EPSILON = 1e-7;

/**
 * Returns RankMe of a spectrum: exp(-sum p ln p) with p = sigma / sum sigma + 1e-7. Garrido, Balestriero, Najman and LeCun,
 * "RankMe: assessing the downstream performance of pretrained self-supervised representations by their rank", ICML 2023,
 * section 3. That is the effective rank of Roy and Vetterli, but for the 1e-7; the paper takes embeddings as they are, not
 * less their mean, of 25,600 samples. It grows with the number of samples while these are few. 0 for a spectrum of zeros and
 * an empty one.
 * @example
 * rankMe(singularValues(features));
 */
export function rankMe(spectrum: SingularValues): number {
  checkSpectrum(spectrum);
  const first = spectrum[0] ?? 0;
  if (first === 0) return 0;
  const shares = Array.from(spectrum, (sigma) => sigma / first);
  const total = shares.reduce((sum, share) => sum + share, 0);
  return Math.exp(
    shares.reduce((sum, share) => {
      const p = share / total + EPSILON;
      return sum - p * Math.log(p);
    }, 0),
  );
}

export interface AlphaReqOptions {
  /** The first eigenvalue that is fitted, counted from 1. @default 11 */
  readonly from?: number | undefined;
  /** The last one; fewer where the spectrum ends before. @default 100 */
  readonly to?: number | undefined;
}

const alphaReqOptions = strict({
  from: orElse(wholeFrom(1), 11),
  to: orElse(wholeFrom(1), 100),
} satisfies OptionEntries<AlphaReqOptions>);

/**
 * Returns alpha of alpha-ReQ: how fast the eigenvalues of the covariance fall, lambda_j ~ j^-alpha. Agrawal, Mondal, Ghosh and
 * Richards, "alpha-ReQ: assessing representation quality in self-supervised learning by measuring eigenspectrum decay",
 * NeurIPS 2022, with the fit of Stringer et al., Nature 571, 2019: least squares of ln lambda_j on ln j, weighted with 1 / j,
 * without the first ten. Null where fewer than three eigenvalues greater than 0 lie in the range.
 *
 * @param spectrum singular values of features less their mean ({@link centerRows}); lambda = sigma²
 * @throws RangeError for a spectrum that is not descending, finite and >= 0, or a range that is not one
 * @example
 * alphaReq(singularValues(centerRows(features)));
 */
export function alphaReq(spectrum: SingularValues, options: AlphaReqOptions = {}): number | null {
  const { from, to } = readOptions(alphaReqOptions, options);
  if (to < from) throw invalid('to', to, `a whole number >= ${from}`);
  checkSpectrum(spectrum);
  let [count, weights, meanX, meanY, products, squares] = [0, 0, 0, 0, 0, 0];
  for (let j = from; j <= Math.min(to, spectrum.length); j++) {
    const sigma = spectrum[j - 1] ?? 0;
    if (sigma === 0) break;
    const [x, y, weight] = [Math.log(j), 2 * Math.log(sigma), 1 / j];
    count += 1;
    weights += weight;
    const [dx, dy] = [x - meanX, y - meanY];
    meanX += (dx * weight) / weights;
    meanY += (dy * weight) / weights;
    products += weight * dx * (y - meanY);
    squares += weight * dx * (x - meanX);
  }
  return count < 3 ? null : -products / squares;
}
