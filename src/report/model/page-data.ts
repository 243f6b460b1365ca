import { packageVersion } from '../../package-version.js';
import { featuresSpectra, featuresView } from './features-view.js';
import { whole, wholeShort } from './format-numbers.js';
import type { ModelReport, ReportSetting } from './model-report.js';
import type { PageReport, PageSpectra } from './page-report.js';
import { planTable } from './plan-table.js';
import { weightsSpectra, weightsView } from './weights-view.js';

/** Returns the spectra of each view of a report, which a page reads when the first layer is opened. */
export function pageSpectra({ layers, features }: ModelReport): PageSpectra[][] {
  return [...(features ? [featuresSpectra(features)] : []), weightsSpectra(layers)];
}

/** Returns the content of a report's page: its features, which say more, then its weights. */
export function pageData(report: ModelReport): PageReport {
  const { file, format, layers, features, plan, settings = {}, skipped, notes } = report;
  const both = [...(features ? [featuresView(features)] : []), weightsView(layers)];
  const views = both.map((view) => (both.length === 1 ? { ...view, title: '' } : view));
  const left = [...skipped, ...(features?.skipped ?? []), ...(plan?.skipped ?? [])];
  const weights = layers.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const marked = new Set(
    views.flatMap((view) => view.layers.filter(({ marks }) => marks.length > 0).map(({ name }) => name)),
  );
  return {
    ...{ file, version: packageVersion('rankscope'), views },
    facts: [
      [whole(layers.length), layers.length === 1 ? 'layer' : 'layers'],
      [wholeShort(weights), 'weights in them'],
      [whole(marked.size), 'to look at'],
      [whole(left.length), left.length === 1 ? 'tensor left out' : 'tensors left out'],
    ],
    plan: plan ? planTable(plan) : null,
    settings: [
      ['file', file],
      ['format', format],
      ...Object.entries(settings).map(([name, value]) => [name, settingText(value)] as const),
      ...(features
        ? ([
            ['inputs', features.inputs.words],
            ['runner', features.runner],
            ...Object.entries(features.inputs.settings).map(
              ([name, value]: [string, unknown]) =>
                [`inputs: ${name}`, settingText(value as ReportSetting)] as const,
            ),
          ] as const)
        : []),
    ],
    skipped: left.map(({ name, reason }) => [name, reason]),
    notes,
  };
}

function settingText(value: ReportSetting): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
