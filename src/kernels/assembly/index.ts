/** Everything the compiled module exports. */
export { activate } from './layers/activate';
export { bidiagonalise } from './spectrum/bidiagonalise';
export { fillNormal, fillUniform } from './random/draws';
export { addChannels, finishChannels, measureChannels, multiplyChannels } from './layers/finish-channels';
export { inertia } from './spectrum/inertia';
export { restoreTriangle, saveTriangle, subtractShift } from './spectrum/lower-triangle';
export { mixChannels, packWeights } from './layers/mix-channels';
export { negativeTrace } from './spectrum/negative-trace';
export { packColumnsF32, packColumnsF64, packRowsF32, packRowsF64 } from './spectrum/pack';
export { largestInColumns, largestInRows, quantiseColumns, quantiseRows } from './spectrum/quantise';
export { quantisedAccumulate, scaleSymmetric } from './spectrum/quantised-product';
export { squaredNorm } from './spectrum/reflection';
export { multiplySix, symmetricProduct } from './spectrum/symmetric-product';
export { symmetricTimesVector } from './spectrum/symmetric-times-vector';
export { triangularise } from './spectrum/triangularise';
export { tridiagonalEigenvalues } from './spectrum/tridiagonal-eigenvalues';
export { tridiagonalise } from './spectrum/tridiagonalise';
