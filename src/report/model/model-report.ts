import type { ModelWeights } from '../../weights/measure-weights.js';

/** A choice that decided the numbers of a report, or several. */
export type ReportSetting = string | number | boolean | null | readonly (string | number)[];

/** What a report of a trained model is made of: plain data. */
export interface ModelReport extends ModelWeights {
  /** Every choice that decided a number, by its name. */
  readonly settings?: Readonly<Record<string, ReportSetting>> | undefined;
}

/**
 * Returns a report of a trained model as one HTML page that needs nothing else, not even a network: an overview along
 * the layers, those to look at with the reason in plain words, a table of all with each layer's spectrum beside its
 * baseline, and every setting. Names of the file are texts in it, never markup.
 * @example
 * const model = await openModel('model.safetensors');
 * const weights = await measureWeights(model);
 * await writeFile('report.html', await modelReport(weights));
 */
export async function modelReport(report: ModelReport): Promise<string> {
  const { reportPage } = await import('./report-page.js'); // which reads fonts
  return reportPage(report);
}
