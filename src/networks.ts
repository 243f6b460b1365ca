/** The public names of rankscope/networks: networks, their models, designs within a budget, ranks along the depth. */

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
export { testFeatures } from './training/test-features.js';
export { untrainedParameters } from './training/untrained-parameters.js';
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

// the features of a model in a file, which runs
export { openRunnable } from './features/running/open-runnable.js';
export { type Runnable } from './features/running/runnable.js';
export { openInputs, type InputOptions, type OpenInputs } from './features/inputs/open-inputs.js';
export { type ModelInputs } from './features/inputs/model-inputs.js';
export { type FeatureStage } from './features/running/feature-places.js';
export { collectGrams, type CollectOptions, type FeatureGram } from './features/sums/collect-grams.js';
export {
  measureFeatures,
  type FeatureNumbers,
  type FeatureRank,
  type FeatureSpectrum,
  type LayerFeatures,
  type MeasureFeaturesOptions,
  type ModelFeatures,
} from './features/measure-features.js';
export { bottleneck, type Bottleneck } from './features/bottleneck.js';
export { readFeaturesRun, type FeaturesSpec } from './runs/features-run.js';
export { type KeptFeatures } from './runs/feature-row.js';
export { planModel, type ModelLayerPlan, type ModelPlan, type PlanOptions } from './plan/plan-model.js';
export { applyPlan, type AppliedPlan } from './plan/apply-plan.js';

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

// many networks trained: searches
export { designMeans, type DesignMean } from './search/design-means.js';
export {
  analyseSearch,
  type AnalyseOptions,
  type Decile,
  type ProxyTau,
  type RankCorrelation,
  type SearchAnalysis,
  type ShapeSlope,
  type SearchVerdict,
} from './search/analyse-search.js';
export { freshGap, searchAgain, type FreshGap } from './search/fresh-gap.js';
export { studentInterval, type MeanOfValues } from './statistics/student-interval.js';
export { lineAt, weightedLine, type Slope } from './statistics/weighted-line.js';
export { partialCorrelation, type Correlation } from './statistics/correlation.js';
export { pooledReliability } from './statistics/pooled-reliability.js';
export { varianceComponents, type VarianceComponents } from './statistics/variance-components.js';
export { estimateSearch, type SearchEstimate } from './search/estimate-search.js';
export { type DivergedRow, type OutputRank, type SearchRow } from './search/search-row.js';
export {
  resolveSearchStudy,
  searchOn,
  searchTasks,
  type SearchDesign,
  type SearchSpec,
  type SearchStudy,
  type SearchStudyInput,
  type SearchTask,
} from './search/search-spec.js';
export {
  mergeSearch,
  readSearch,
  runSearch,
  type KeptSearch,
  type SearchRunOptions,
} from './runs/search-run.js';
