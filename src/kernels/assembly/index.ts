/** Everything the compiled module exports. */
export { activate } from './activate';
export { bidiagonalise } from './bidiagonalise';
export { fillNormal, fillUniform } from './draws';
export { addChannels, finishChannels, measureChannels, multiplyChannels } from './finish-channels';
export { inertia } from './inertia';
export { restoreTriangle, saveTriangle, subtractShift } from './lower-triangle';
export { mixChannels, packWeights } from './mix-channels';
export { negativeTrace } from './negative-trace';
export { packColumnsF32, packColumnsF64, packRowsF32, packRowsF64 } from './pack';
export { largestInColumns, largestInRows, quantiseColumns, quantiseRows } from './quantise';
export { quantisedAccumulate, scaleSymmetric } from './quantised-product';
export { squaredNorm } from './reflection';
export { multiplySix, symmetricProduct } from './symmetric-product';
export { symmetricTimesVector } from './symmetric-times-vector';
export { triangularise } from './triangularise';
export { tridiagonalEigenvalues } from './tridiagonal-eigenvalues';
export { tridiagonalise } from './tridiagonalise';
