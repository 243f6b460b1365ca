/** The public names of rankscope/browser: the rooms that need no Node. `rankscope` exports them as well. */

// spectrum and rank
export { type Dtype, type Matrix } from './spectrum/matrix.js';
export { centerRows } from './spectrum/center.js';
export { type Accuracy, type Method } from './spectrum/engine.js';
export { GramSum } from './spectrum/wasm/gram/gram-sum.js';
export {
  engineChoices,
  startEngine,
  type EngineChoice,
  type EngineName,
  type StartedEngine,
} from './spectrum/engines.js';
export { singularValues, type SpectrumOptions } from './spectrum/singular-values.js';
export {
  rank,
  ranks,
  ranksOfSpectrum,
  spectrumAndRanks,
  spectrumAndRanksOfSum,
  type RankOptions,
  type RankResult,
} from './rank/rank.js';
export { formatTolerance, parseTolerance, type Tolerance, type ToleranceLike } from './rank/tolerance.js';
export {
  conditionNumber,
  effectiveRank,
  metrics,
  nuclearNorm,
  participationRatio,
  spectralEntropy,
  stableRank,
  type Metrics,
} from './rank/metrics.js';
export { powerLaw, type PowerLaw } from './rank/power-law.js';
export { alphaReq, rankMe, type AlphaReqOptions } from './rank/representation-metrics.js';

// random streams
export { createStream, type Stream } from './random/stream.js';
export { fillNormal, fillUniform } from './random/distributions.js';

// theory
export { predictRankRatios, type EarlierLayer, type PredictedLayer } from './theory/predict-rank-ratios.js';
