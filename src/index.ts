/** The public names of rankscope. Everything else is internal and may change between versions. */

// one random layer; `tf` is the tfjs-core instance that the layers use, for user-defined activations
export { tf } from './layers/tensors.js';
export { activations, type Activation } from './layers/activations.js';
export { activationNames, paperActivations, type ActivationName } from './activations/definitions.js';
export { useBackend, type BackendInUse } from './layers/backend.js';
export { backendNames, type BackendName } from './layers/backend-names.js';
export {
  blockNames,
  blocks,
  tapNames,
  tapsOf,
  type Block,
  type BlockName,
  type Tap,
} from './layers/blocks.js';
export { layerFeatures } from './layers/features.js';
export { drawLayer, drawSizes, type Layer, type LayerAddress, type LayerSizes } from './layers/layer.js';
export { type InputArray } from './layers/inputs.js';
export { layerProtocolFields, resolveLayerProtocol, type LayerProtocol } from './layers/protocol.js';

// spectrum, rank and random streams: the part that runs without Node
export * from './browser.js';

// matrices and tables in files
export { readMatrix } from './files/read-matrix.js';
export { readTable } from './files/read-table.js';
export { writeTable } from './files/write-table.js';

// model files of other libraries, and their layers as matrices
export { openModel } from './formats/open-model.js';
export {
  type Layout,
  type ModelFile,
  type NamedTensor,
  type Quantisation,
  type Skipped,
} from './formats/model-file.js';
export { type GraphNode, type ModelGraph } from './formats/model-graph.js';
export { foldNormalization } from './formats/layers/fold-normalization.js';
export { layersOf, type ModelLayers } from './formats/layers/layers-of.js';
export { type FollowingNormalization, type WeightMatrix } from './formats/layers/weight-matrix.js';
export { measureWeights, type MeasureWeightsOptions, type ModelWeights } from './weights/measure-weights.js';
export { type LayerWeights, type WeightRank } from './weights/measure-layer-weights.js';
export {
  compareWeights,
  type CompareWeightsOptions,
  type WeightComparison,
} from './weights/compare-weights.js';
export {
  type ComparedRank,
  type ComparedSide,
  type LayerComparison,
  type SharedSubspaces,
} from './weights/compare-layer-weights.js';
export { type BaselineName } from './weights/baseline.js';

// one layer as two, from its responses
export { planLayer, type LayerFactors, type LayerPlan, type PlannedLayer } from './plan/plan-layer.js';
export { removableChannels, type RemovableChannel } from './plan/removable-channels.js';

// studies and their runs
export { quartiles, type Quartiles } from './statistics/quartiles.js';
export { boundedMean, type BoundedMean } from './statistics/bounded-mean.js';
export { meanInterval } from './statistics/mean-interval.js';
export { type LayerRank, type LayerRow } from './study/layer-row.js';
export { layerTasks, type LayerTask } from './study/measure-layer.js';
export { protocolFields, type Protocol } from './study/protocol.js';
export { type MetricPoint } from './study/metric-summary.js';
export {
  presetOf,
  protocolNames,
  protocolPresetNames,
  protocolPresets,
  resolveProtocol,
  type ProtocolInput,
  type ProtocolName,
  type ProtocolPresetName,
} from './study/protocol-presets.js';
export { measureStudy, type MeasureOptions } from './study/measure-study.js';
export { layerCount, resolveStudy, studyFields, type Study, type StudyInput } from './study/study.js';
export { summariseRows, type SummaryRow } from './study/summary.js';
export { type CumulativePoint, type SpectrumPoint, type ThresholdPoint } from './study/spectrum-summary.js';
export { readManifest, type Manifest } from './runs/study-run.js';
export { type MergedRun, type RunTimes } from './store/manifest.js';
export { readDepthRun, type DepthSpec } from './runs/depth-run.js';
export { readLatencyRun, type LatencySpec, type NetworkTimes } from './runs/latency-run.js';
export { readTrainingRows, readUntrainedRanks } from './runs/training-run.js';
export { mergeRuns } from './runs/merge-runs.js';
export { recountRun } from './runs/recount-run.js';
export { runStudy, type Progress, type Run, type RunOptions } from './runs/run-study.js';
export { readCumulativePoints, readSpectrumPoints, readThresholds } from './runs/spectrum-points.js';
export { readRows, readSummary } from './runs/read-study.js';
export { shareMetrics, summariseAtTolerances, summariseMetrics } from './runs/summarise-spectra.js';

// theory of ranks
export { predictRankRatios, type EarlierLayer, type PredictedLayer } from './theory/predict-rank-ratios.js';
export {
  predictStudy,
  type PredictedPoint,
  type StudyPrediction,
  type Unpredicted,
} from './theory/predict-study.js';
export { predictPhase, type PhasePoint, type PhaseQuestion } from './theory/predict-phase.js';
export { linearRankBound } from './theory/linear-rank-bound.js';
export { quadraticRankBound } from './theory/quadratic-rank-bound.js';
export { preactivations, shareWithin, type Preactivations } from './theory/share-within.js';
