/** The public names of rankscope/figures: figures as data, and what writes them. */

export { compareFigure, type ComparedLayer } from './plots/figures/compare.js';
export { comparisonFigure, type ComparisonPanel, type ComparisonPoint } from './plots/figures/comparison.js';
export { type ChannelLine, type ChannelPanel } from './plots/figures/channels/channel-panels.js';
export { channelsFigure } from './plots/figures/channels/channels.js';
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
export { featuresFigure, type FeatureLayer } from './plots/figures/feature-ranks.js';
export { latencyFigure, type LatencyPoint } from './plots/figures/latency.js';
export { latencyPoints } from './report/latency-points.js';
export { metricFigure } from './plots/figures/metric-curves.js';
export {
  phaseFigure,
  type PhaseFigureOptions,
  type PhasePanelPoint,
  type PhaseSpot,
} from './plots/figures/phase.js';
export { svgFile, writeFigure, type FigureFormat } from './plots/render/render.js';
export { spectrumFigure } from './plots/figures/spectrum/spectrum.js';
export { drawKeptRun, type DrawKeptRunOptions } from './report/draw-kept-run.js';
export { layerSpectrumFigure, type LayerSpectrum } from './plots/figures/layer-spectrum.js';
export { modelFigure, type ModelLayer } from './plots/figures/model-ranks.js';
export { modelReport, type ModelReport, type ReportSetting } from './report/model/model-report.js';
export { rankAccuracyFigure, type RankAccuracyPoint } from './plots/figures/rank-accuracy.js';
export { searchFigure, type SearchPoint } from './plots/figures/search.js';
export { toleranceFigure, type TolerancePoint } from './plots/figures/tolerance-map.js';
export { trainingFigure, type TrainingFigureOptions, type TrainingPoint } from './plots/figures/training.js';
