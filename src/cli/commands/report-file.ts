import { isAbsolute, relative, resolve, sep } from 'node:path';
import { invalid } from '../../errors.js';
import type { ModelFeatures } from '../../features/measure-features.js';
import { writeWhole } from '../../files/write-whole.js';
import { openModel } from '../../formats/open-model.js';
import type { ModelPlan } from '../../plan/plan-model.js';
import { formatTolerance } from '../../rank/tolerance.js';
import { REPORT_MARK } from '../../report/model/report-mark.js';
import { modelReport, type ModelReport } from '../../report/model/model-report.js';
import { claimFile } from '../../store/folder/claim-file.js';
import type { WeightOptions } from '../../weights/measure-layer-weights.js';
import {
  measureWeights,
  resolveWeightOptions,
  type MeasureWeightsOptions,
  type ModelWeights,
} from '../../weights/measure-weights.js';
import { text } from '../options/option.js';

/** The flag of commands that write a report. */
export const reportOption = text('Also write a report, one self-contained HTML page, to this .html file', {
  default: 'none',
});

/**
 * Checks, before anything is measured, that a report can be written and replaces nothing but a report.
 * @throws RangeError if it cannot
 */
export async function claimReport(
  path: string | undefined,
  { overwrite = false, out }: { readonly overwrite?: boolean | undefined; readonly out?: string | undefined },
): Promise<void> {
  if (path === undefined) return;
  if (!path.toLowerCase().endsWith('.html')) throw invalid('report', path, 'a file name that ends in .html');
  if (out !== undefined && isInside(out, path))
    throw invalid('report', path, `a file outside of --out ${out}, which is for a run only`);
  await claimFile(path, { thing: 'report', overwrite, isOwn: (found) => found.includes(REPORT_MARK) });
}

/** Writes the requested report, and prints its path. */
export async function writeReport(
  path: string | undefined,
  report: ModelReport,
  stream: NodeJS.WritableStream,
): Promise<void> {
  if (path === undefined) return;
  await writeWhole(path, await modelReport(report));
  stream.write(`report   ${path}\n`);
}

/** Returns the report of a model's weights, with every choice. A note says if the run was stopped. */
export function reportOf(
  weights: ModelWeights,
  { settings, pattern, stopped }: { settings: WeightOptions; pattern: string | undefined; stopped: boolean },
): ModelReport {
  const { tolerances, ...others } = settings;
  return {
    ...weights,
    notes: [...weights.notes, ...(stopped ? ['stopped before everything was measured'] : [])],
    settings: { tolerances: tolerances.map(formatTolerance), ...others, layers: pattern ?? 'all' },
  };
}

interface FeaturesAsked extends MeasureWeightsOptions {
  readonly stopped: boolean;
  readonly plan?: ModelPlan | undefined;
  /** Further sentences. @default none */
  readonly notes?: readonly string[] | undefined;
}

/** Writes the report of a model's features and its plan beside its weights, which are measured for it. */
export async function writeFeaturesReport(
  path: string | undefined,
  features: ModelFeatures,
  { stopped, plan, notes = [], ...asked }: FeaturesAsked,
  stream: NodeJS.WritableStream,
): Promise<void> {
  if (path === undefined) return;
  const file = await openModel(features.file);
  try {
    const weights = await measureWeights(file, asked);
    const report = reportOf(weights, {
      settings: resolveWeightOptions(asked),
      pattern: asked.layers,
      stopped,
    });
    const [row] = features.features;
    const rules = row?.centred.ranks.map(({ rule }) => rule) ?? [];
    await writeReport(
      path,
      {
        ...{ ...report, features, plan, notes: [...report.notes, ...notes] },
        settings: {
          ...{ ...report.settings, 'tolerances of the features': rules },
          ...(plan && { 'error of the plan': plan.error }),
        },
      },
      stream,
    );
  } finally {
    file.close();
  }
}

function isInside(folder: string, path: string): boolean {
  const from = relative(resolve(folder), resolve(path));
  return from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from);
}
