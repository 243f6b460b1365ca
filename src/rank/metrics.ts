import { checkSpectrum, type SingularValues } from './spectrum.js';

/** The metrics of a spectrum that need no tolerance. The function of each name documents it. */
export interface Metrics {
  readonly stableRank: number;
  readonly effectiveRank: number;
  readonly participationRatio: number;
  readonly spectralEntropy: number;
  readonly nuclearNorm: number;
  readonly conditionNumber: number | null;
}

/**
 * Returns all the metrics of one spectrum. Sums are taken over sigma / sigma_1, so that spectra near 1e-300 or 1e300
 * neither under- nor overflow. A spectrum of zeros or an empty one gives 0 for each, and null for the condition number.
 * @throws RangeError for a spectrum that is not descending, finite and >= 0.
 * @example
 * metrics([2, 2, 0]).effectiveRank; // 2
 */
export function metrics(spectrum: SingularValues): Metrics {
  return {
    stableRank: stableRank(spectrum),
    effectiveRank: effectiveRank(spectrum),
    participationRatio: participationRatio(spectrum),
    spectralEntropy: spectralEntropy(spectrum),
    nuclearNorm: nuclearNorm(spectrum),
    conditionNumber: conditionNumber(spectrum),
  };
}

/**
 * Returns the stable rank, sum sigma^2 / sigma_1^2 = (Frobenius norm / spectral norm)^2. It lies between 1 and the
 * rank, and small singular values hardly change it. Rudelson and Vershynin, "Sampling from large matrices", J. ACM
 * 54(4), 2007. 0 for a spectrum of zeros or an empty one.
 */
export function stableRank(spectrum: SingularValues): number {
  return powerSum(spectrum, 2);
}

/**
 * Returns the effective rank exp(H), where H is the spectral entropy. It lies between 1 and the rank. Roy and Vetterli,
 * "The effective rank: a measure of effective dimensionality", EUSIPCO 2007. 0 for a spectrum of zeros and an empty
 * one.
 */
export function effectiveRank(spectrum: SingularValues): number {
  return powerSum(spectrum, 1) === 0 ? 0 : Math.exp(spectralEntropy(spectrum));
}

/**
 * Returns the participation ratio of the eigenvalues sigma^2 of A A^T, (sum sigma^2)^2 / sum sigma^4. It lies between 1
 * and the rank and estimates the number of directions that carry the variance. Gao et al., "A theory of multineuronal
 * dimensionality, dynamics and measurement", bioRxiv 214262, 2017. 0 for a spectrum of zeros and an empty one.
 */
export function participationRatio(spectrum: SingularValues): number {
  const fourth = powerSum(spectrum, 4);
  return fourth === 0 ? 0 : powerSum(spectrum, 2) ** 2 / fourth;
}

/**
 * Returns the spectral entropy in nats, H = -sum p ln p. The shares are p = sigma / sum sigma. It lies between 0 and
 * ln(rank). 0 for a spectrum of zeros and an empty one.
 */
export function spectralEntropy(spectrum: SingularValues): number {
  const total = powerSum(spectrum, 1);
  let entropy = 0;
  for (let i = 0; i < spectrum.length && spectrum[i]! > 0; i++) {
    const share = spectrum[i]! / spectrum[0]! / total;
    if (share > 0) entropy -= share * Math.log(share);
  }
  // One value alone gives -1 ln 1 = -0.
  return entropy + 0;
}

/** Returns the nuclear norm, sum sigma, in the unit of the matrix; 0 for an empty spectrum. */
export function nuclearNorm(spectrum: SingularValues): number {
  return powerSum(spectrum, 1) * largest(spectrum);
}

/**
 * Returns the condition number sigma_1 / sigma_min over all min(rows, columns) values: at least 1. It is Infinity if
 * the smallest is 0, and null for a spectrum of zeros or an empty one.
 */
export function conditionNumber(spectrum: SingularValues): number | null {
  return largest(spectrum) === 0 ? null : largest(spectrum) / smallest(spectrum);
}

/** Returns the largest singular value, the spectral norm of the matrix; 0 for an empty spectrum. */
export function largest(spectrum: SingularValues): number {
  return checkSpectrum(spectrum)[0] ?? 0;
}

/** Returns the smallest of the min(rows, columns) singular values; 0 for an empty spectrum. */
export function smallest(spectrum: SingularValues): number {
  return checkSpectrum(spectrum)[spectrum.length - 1] ?? 0;
}

/** Returns sum (sigma / sigma_1)^power, 0 where all are zero. */
function powerSum(spectrum: SingularValues, power: number): number {
  const first = largest(spectrum);
  let sum = 0;
  for (let i = 0; i < spectrum.length && spectrum[i]! > 0; i++) sum += (spectrum[i]! / first) ** power;
  return sum;
}
