import { invalid } from '../../errors.js';
import { measureFeatures } from '../../features/measure-features.js';
import { openInputs } from '../../features/inputs/open-inputs.js';
import { openRunnable } from '../../features/running/open-runnable.js';
import { toCsv } from '../../files/csv.js';
import { openModel } from '../../formats/open-model.js';
import {
  type AppliedPlan,
  applyPlan,
  claimApplyFolder,
  checkApplyFolder,
  compareOutputs,
  type OutputErrors,
} from '../../plan/apply-plan.js';
import { planModel, type ModelPlan } from '../../plan/plan-model.js';
import { parseTolerances } from '../../rank/tolerance.js';
import { namePattern } from '../../weights/select-layers.js';
import { flagOf, text, toggle, type OptionValues } from '../options/option.js';
import { readWhole } from '../options/read-quantity.js';
import { appliedNotes, appliedText, planTable } from '../text/plan-table.js';
import { showProgress } from '../text/progress.js';
import { readFeatureInputs, type FeatureValues, type InputValues } from './model-features.js';
import { claimReport, writeFeaturesReport } from './report-file.js';
import { stopOnSignal } from './stop-on-signal.js';

const group = 'A plan, with --inputs:';

/** The flags of `rankscope model FILE --inputs ... --plan`. */
export const planOptions = {
  plan: toggle('Plan low-rank layers from the responses: half of the inputs decide, half check', { group }),
  error: text('Relative error that each response may have, between 0 and 1', { group, default: '0.05' }),
  apply: text('Folder to write the factorised model into', { group, default: 'none' }),
} as const;

type Values = OptionValues<typeof planOptions> & FeatureValues;

/** Returns whether a plan is asked for. @throws RangeError for flags that do not go together */
export function checkPlanFlags(values: Values): boolean {
  if (!values.plan) {
    for (const flag of ['error', 'apply'] as const)
      if (values[flag] !== undefined) throw invalid('flag', `--${flag}`, 'only with --plan');
    return false;
  }
  if (values.inputs === undefined) throw invalid('flag', '--plan', 'only with --inputs');
  const given = <Flag extends keyof Values>(flags: readonly Flag[]) =>
    flags.find((flag) => values[flag] !== undefined);
  const other = given(['out', 'spectrum']);
  if (other !== undefined) throw invalid('flag', `--${flagOf(other)}`, 'only without --plan');
  const measured = values.report === undefined ? given(['tolerance', 'baseline', 'overwrite']) : undefined;
  if (measured !== undefined)
    throw invalid('flag', `--${flagOf(measured)}`, 'only without --plan, or with its --report');
  if (values.json && values.csv) throw invalid('flags', '--json --csv', 'one of --json, --csv');
  if (values.apply !== undefined) checkApplyFolder(values.apply);
  return true;
}

/** Runs a model on inputs, prints the plan, applies it and reports it where asked. */
export async function printPlan(path: string, values: Values & InputValues): Promise<void> {
  const error = readError(values.error ?? '0.05');
  const { batch, ...options } = readFeatureInputs(values);
  const seed = readWhole('seed', values.seed) ?? 0;
  const backend = values.backend ?? 'auto';
  const { tolerance, report, apply } = values;
  const tolerances = tolerance && parseTolerances(tolerance);
  await claimReport(report, values);
  if (apply !== undefined) await claimApplyFolder(apply);
  const runnable = await openRunnable(path, backend, { asGraph: true });
  let isPlanned = false;
  const stop = stopOnSignal(() =>
    isPlanned ? 'the plan is printed, and a report has the inputs so far' : 'there is no plan',
  );
  const shown: { end(): void }[] = [];
  const inputProgress = () => {
    const [progress, begin] = [showProgress('inputs'), performance.now()];
    shown.push(progress);
    return (now: { done: number; total: number }) =>
      progress.update({ ...now, seconds: (performance.now() - begin) / 1000 });
  };
  const endProgress = () => shown.forEach((one) => one.end());
  const file = await openModel(path);
  try {
    const inputs = await openInputs(values.inputs, runnable.inputs, { ...options, seed });
    try {
      const layers = namePattern(
        values.layers,
        runnable.places.map(({ layer }) => layer),
      );
      const run = { batch, layers, signal: stop.signal };
      const plan = await planModel(file, runnable, inputs, { ...run, error, onProgress: inputProgress() });
      isPlanned = true;
      endProgress();
      let applied: AppliedPlan | undefined;
      let outputs: OutputErrors[] = [];
      let failure: unknown;
      try {
        if (apply !== undefined) applied = await applyPlan(file, plan, apply);
        if (applied?.model) {
          const smaller = await openRunnable(applied.model, backend);
          try {
            const { calibrating } = plan.inputs;
            const heldOut = Array.from({ length: plan.inputs.heldOut }, (_, i) => calibrating + i);
            outputs = await compareOutputs(file, [runnable, smaller], inputs, heldOut);
          } finally {
            smaller.close();
          }
        }
      } catch (cause) {
        // the plan is printed first
        failure = cause;
      }
      const { json, csv, all } = values;
      if (json) {
        const rest = applied && { applied: { ...applied, outputs } };
        process.stdout.write(`${JSON.stringify({ ...planJson(plan), ...rest })}\n`);
      } else if (csv) process.stdout.write(toCsv(plan.layers.map(csvRow)));
      else process.stdout.write(planTable(plan, { all: all === true }));
      const notes = json || csv ? process.stderr : process.stdout;
      if (applied && !json) notes.write(`\n${appliedText(applied, outputs)}`);
      if (failure !== undefined) throw failure;
      if (report !== undefined) {
        const reference = values.baseline !== 'none';
        const features = await measureFeatures(runnable, inputs, {
          ...{ ...run, tolerances, seed, reference },
          onProgress: inputProgress(),
        });
        endProgress();
        const asked = { tolerances: tolerance, baseline: values.baseline, seed, layers: values.layers };
        const extra = { plan, notes: appliedNotes(outputs), stopped: stop.signal.aborted };
        await writeFeaturesReport(report, features, { ...asked, ...extra }, notes);
      }
      process.exitCode = stop.exitCode;
    } finally {
      inputs.close?.();
    }
  } catch (cause) {
    if (!stop.signal.aborted) throw cause;
    process.exitCode = stop.exitCode;
  } finally {
    endProgress();
    stop.release();
    file.close();
    runnable.close();
  }
}

function readError(given: string): number {
  const error = /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(given) ? Number(given) : NaN;
  if (!(error > 0 && error < 1)) throw invalid('error', given, 'a number between 0 and 1, such as 0.05');
  return error;
}

/** The plan as JSON, with `rank_pattern` as low-rank tools read it: the ranks of the layers that save. */
function planJson({ layers, ...plan }: ModelPlan): object {
  const saving = layers.filter(({ saves, rank }) => saves && rank > 0);
  return {
    ...plan,
    rank_pattern: Object.fromEntries(saving.map(({ layer, rank }) => [layer, rank])),
    layers: layers.map(({ factors: _, ...layer }) => layer),
  };
}

function csvRow(layer: ModelPlan['layers'][number]): Record<string, string | number | boolean | null> {
  const { error, weightError, parameters, macs } = layer;
  return {
    ...{ layer: layer.layer, kind: layer.kind, rows: layer.rows, columns: layer.columns },
    ...{ rank: layer.rank, calibratingRank: layer.calibratingRank, fewInputs: layer.fewInputs },
    ...{ bound: layer.bound, saves: layer.saves },
    ...{ calibratingError: error.calibrating, heldOutError: error.heldOut },
    ...{ weightCalibratingError: weightError.calibrating, weightHeldOutError: weightError.heldOut },
    ...{ parametersBefore: parameters.before, parametersAfter: parameters.after },
    ...{ positions: layer.positions, macsBefore: macs.before, macsAfter: macs.after },
  };
}
