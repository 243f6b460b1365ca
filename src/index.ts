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
export { type BaselineName } from './weights/baseline.js';

// networks and their costs
export { withSettings, type NetworkSettings } from './networks/network-settings.js';
export {
  channelsOf,
  networkBlockKinds,
  type BlockActivations,
  type Head,
  type HeadLayer,
  type Network,
  type NetworkBlock,
  type NetworkBlockKind,
  type Shortcut,
  type SqueezeExcitation,
  type Stem,
} from './networks/network.js';
export {
  type LayerShape,
  type NetworkLayer,
  type NetworkLayerKind,
  type NetworkLayerRole,
  type Normalization,
} from './networks/network-layer.js';
export { networkLayers } from './networks/network-layers.js';
export { walkLayers, type LayerWalk } from './networks/walk-layers.js';
export {
  networkReport,
  type BlockReport,
  type LayerReport,
  type NetworkReport,
} from './networks/network-report.js';
export { layerCosts, networkCosts, type Costs } from './networks/network-costs.js';
export {
  curveChannels,
  linearShape,
  piecewiseShape,
  shapeHeights,
  stageShape,
  type ChannelCurve,
  type ChannelShape,
  type Knot,
} from './networks/channel-curve.js';
export {
  channelGroup,
  channelGroups,
  type ChannelGroup,
  type ScoredConfiguration,
} from './networks/channel-groups.js';
export { type Rounding } from './networks/rounding.js';
export { networkFromJson } from './networks/network-json.js';
export { networkNameFormats, networkNamed } from './networks/network-named.js';
export { cifarNetwork } from './networks/cifar.js';
export { efficientNet } from './networks/efficientnet.js';
export { mobileNetV1 } from './networks/mobilenet-v1.js';
export { mobileNetV2 } from './networks/mobilenet-v2.js';
export { rexNet, type RexNetOptions } from './networks/rexnet.js';
export { rexNetLite } from './networks/rexnet-lite.js';
export { rexNetPlain } from './networks/rexnet-plain.js';

// networks with weights
export { drawParameters, type DrawOptions } from './models/draw-parameters.js';
export { type LatencyOptions } from './models/latency-options.js';
export { measureLatency, type Latency } from './models/measure-latency.js';
export { loadNetwork, saveNetwork } from './models/network-files.js';
export { buildNetwork, type NetworkModel } from './models/network-model.js';
export {
  checkParameters,
  parameterShapes,
  type Parameter,
  type ParameterRole,
  type Parameters,
  type ParameterShape,
} from './models/parameters.js';
export { quartiles, type Quartiles } from './statistics/quartiles.js';
export { readRexNet } from './models/read-rexnet.js';
export { runNetwork, type Visit } from './models/run-network.js';
export { calibrateBatchNorm } from './models/calibrate-batch-norm.js';

// rank along a network's depth
export { openImages } from './images/open-images.js';
export { type FolderOptions } from './images/image-folder.js';
export { type ImageCollection, type ImageSource } from './images/image-source.js';
export { randomImages } from './images/random-images.js';
export { imagesNeeded } from './depth/image-demand.js';
export { type DepthRow } from './depth/depth-row.js';
export { measureDepth, type DepthOptions } from './depth/measure-depth.js';
export { summariseDepth, type DepthPoint } from './depth/summarise-depth.js';

// networks trained
export { readTrainingData, type DataOptions } from './training/data/read-training-data.js';
export { type LabelledImages, type TrainingData } from './training/data/labelled-images.js';
export { firstParameters } from './training/first-parameters.js';
export { recipeFields, resolveRecipe, type Recipe } from './training/recipe.js';
export { tapRanks } from './training/tap-ranks.js';
export {
  DivergedError,
  trainNetwork,
  type StepProgress,
  type TrainedNetwork,
  type TrainOptions,
} from './training/train-network.js';
export { type Checkpoint, type TrainingPosition } from './training/checkpoint.js';
export { type TrainingEngineName } from './training/training-engines.js';
export { type EpochRow, type TapRank } from './training/training-rows.js';
export { readTrainingRows } from './runs/training-run.js';
export { trainingFigure, type TrainingPoint } from './plots/figures/training.js';

// designs within a budget
export { type Budget, type BudgetName, type Deviations } from './designs/budget.js';
export { designNetwork, type Design, type DesignOptions } from './designs/design-network.js';
export { designShapes, type DesignShape } from './designs/design-shapes.js';
export { evenness } from './designs/evenness.js';
export { networkLike, type NetworkPattern } from './designs/network-like.js';
export {
  sampleConfigurations,
  type SampledConfiguration,
  type SampleOptions,
} from './designs/sample-configurations.js';

// studies and their runs
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
export { mergeRuns } from './runs/merge-runs.js';
export { recountRun } from './runs/recount-run.js';
export { runStudy, type Progress, type Run, type RunOptions } from './runs/run-study.js';
export { readCumulativePoints, readSpectrumPoints, readThresholds } from './runs/spectrum-points.js';
export { readRows, readSummary } from './runs/read-study.js';
export { shareMetrics, summariseAtTolerances, summariseMetrics } from './runs/summarise-spectra.js';

// values printed in the paper
export { figure1Points, type PublishedPoint } from './published/figure-1.js';
export { publishedNetwork } from './published/published-network.js';
export { table1Networks, type Table1Network } from './published/table-1.js';
export { table3Searches, type Table3Configuration, type Table3Search } from './published/table-3.js';
export { table5Networks, type Table5Network } from './published/table-5.js';
export { figure1Errors, type PanelError } from './published/figure-1-errors.js';
export { figure1Ordering, type OrderingOptions, type PanelOrdering } from './published/figure-1-ordering.js';

// claims about layers and theory of ranks
export { estimateContrast, type Contrast, type Estimate, type LayerGroup } from './claims/contrast.js';
export { collectLayers } from './claims/layer-groups.js';
export { claimRatios, paperClaims, type Claim } from './claims/paper-claims.js';
export { testClaims, type ClaimResult, type ClaimSetting, type Verdict } from './claims/test-claims.js';
export { predictRankRatios, type PredictedLayer } from './theory/predict-rank-ratios.js';
export { linearRankBound } from './theory/linear-rank-bound.js';
export { quadraticRankBound } from './theory/quadratic-rank-bound.js';
export { preactivations, shareWithin, type Preactivations } from './theory/share-within.js';

// figures
export { claimFigure, type ClaimPoint } from './plots/figures/claim-map.js';
export { comparisonFigure, type ComparisonPanel, type ComparisonPoint } from './plots/figures/comparison.js';
export { type ChannelLine, type ChannelPanel } from './plots/figures/channels/channel-panels.js';
export { channelsFigure } from './plots/figures/channels/channels.js';
export { scalabilityFigure, type ScalabilityPoint } from './plots/figures/scalability.js';
export { scalabilityPoints } from './report/scalability-points.js';
export { curveFigure, type CurveFigureOptions } from './plots/figures/curve/curve.js';
export { type CurvePoint, type CurveRun } from './plots/figures/curve/curve-runs.js';
export { drawRun } from './report/draw-run.js';
export { drawRuns, type DrawRunsOptions } from './report/draw-runs.js';
export { depthFigure } from './plots/figures/depth.js';
export { protocolCaption } from './report/protocol-caption.js';
export { expansionPathFigure, type ExpansionPoint } from './plots/figures/expansion-path.js';
export { expansionShareFigure } from './plots/figures/expansion-share.js';
export {
  type Figure,
  type FigureOptions,
  type FigureSize,
  type RatioRangeOption,
} from './plots/render/figure.js';
export { type FigureTheme } from './plots/render/themes.js';
export { latencyFigure, type LatencyPoint } from './plots/figures/latency.js';
export { latencyPoints } from './report/latency-points.js';
export { metricFigure } from './plots/figures/metric-curves.js';
export { svgFile, writeFigure, type FigureFormat } from './plots/render/render.js';
export { spectrumFigure } from './plots/figures/spectrum/spectrum.js';
export { toleranceFigure, type TolerancePoint } from './plots/figures/tolerance-map.js';

// random streams
