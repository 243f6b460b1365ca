import type { ModelFeatures } from '../../features/measure-features.js';
import type { Skipped } from '../../formats/model-file.js';
import type { ModelWeights } from '../../weights/measure-weights.js';

/** A plan of smaller layers, from the responses of a model. */
export interface ReportPlan {
  /** The requested relative error. */
  readonly error: number;
  readonly inputs: { readonly words: string; readonly calibrating: number; readonly heldOut: number };
  readonly layers: readonly {
    readonly layer: string;
    readonly rows: number;
    readonly columns: number;
    readonly bound: number;
    readonly rank: number;
    /** Whether the calibrating inputs are too few to tell the rank. */
    readonly fewInputs: boolean;
    readonly error: { readonly calibrating: number; readonly heldOut: number | null };
    readonly weightError: { readonly calibrating: number; readonly heldOut: number | null };
    readonly parameters: { readonly before: number; readonly after: number };
    readonly macs: { readonly before: number; readonly after: number };
    readonly saves: boolean;
  }[];
  readonly channels: readonly {
    readonly layer: string;
    readonly channels: number;
    readonly removable: readonly { readonly kind: string }[];
    readonly width: { readonly rank: number; readonly bound: number; readonly saturated: boolean };
  }[];
  readonly macs: { readonly before: number; readonly after: number };
  readonly skipped: readonly Skipped[];
}

/** One or several values of a setting that decided the numbers of a report. */
export type ReportSetting = string | number | boolean | null | readonly (string | number)[];

/** The content of a report of a trained model, as plain data. */
export interface ModelReport extends ModelWeights {
  /** Of the layers of the model on inputs. @default none */
  readonly features?: ModelFeatures | undefined;
  /** How layers could be smaller. @default none */
  readonly plan?: ReportPlan | undefined;
  /** Every choice that decided a number, by its name. */
  readonly settings?: Readonly<Record<string, ReportSetting>> | undefined;
}

/**
 * Returns a report of a trained model as one HTML page that works offline. It has an overview along the layers, the
 * layers to look at with the reason, a table with each layer's spectrum beside its baseline, the plan, and every
 * setting. Names of the file are texts in it, never markup.
 * @example
 * const model = await openModel('model.safetensors');
 * const weights = await measureWeights(model);
 * await writeFile('report.html', await modelReport(weights));
 */
export async function modelReport(report: ModelReport): Promise<string> {
  const { reportPage } = await import('./report-page.js'); // which reads fonts
  return reportPage(report);
}
