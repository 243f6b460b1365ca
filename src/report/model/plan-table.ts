import { entryOf } from '../../lookups.js';
import { shortNames } from '../../weights/short-names.js';
import { count, short, whole, wholeShort } from './format-numbers.js';
import type { ReportPlan } from './model-report.js';
import type { PageTable } from './page-report.js';

/** Returns a plan as a table of a page. Sentences say how much it saves; the layers that save most come first. */
export function planTable({ error, inputs, layers, channels, macs }: ReportPlan): PageTable {
  const names = shortNames([...layers, ...channels].map(({ layer }) => layer));
  const saving = layers.filter(({ saves }) => saves);
  const kept = (share: number) => `${(100 * share).toFixed(1)} %`;
  const sorted = [...layers].sort((a, b) => b.macs.before - b.macs.after - (a.macs.before - a.macs.after));
  const removable = channels.filter((layer) => layer.removable.length > 0);
  const saturated = channels.filter(({ width }) => width.saturated);
  const named = (list: readonly { readonly layer: string }[]) =>
    list
      .slice(0, 8)
      .map(({ layer }) => `\u2068${entryOf(names, layer).slice(0, 60)}\u2069`)
      .join(', ') + (list.length > 8 ? ` and ${list.length - 8} more` : '');
  return {
    title: 'Plan',
    words: [
      saving.length === 0
        ? `No saving at an error of ${kept(error)}: every response needs nearly its whole rank.`
        : `${saving.length} of ${count(layers.length, 'layer')} could be replaced by two smaller ones, with an error of at most ` +
          `${kept(error)}. This saves ${kept(1 - macs.after / macs.before)} of their multiply-adds.`,
      `Decided on ${whole(inputs.calibrating)} inputs, checked on ${whole(inputs.heldOut)} others. Errors are of the ` +
        'centred responses; those of the weights would result from truncating the weights at the same rank.' +
        (layers.some(({ fewInputs }) => fewInputs)
          ? ' * The inputs are too few: the held-out ones decided the rank.'
          : ''),
      ...(removable.length > 0
        ? [
            `Channels that are dead, constant or combinations of others, and can be removed: ` +
              removable
                .slice(0, 8)
                .map(
                  ({ layer, removable: list, channels: all }) =>
                    `\u2068${entryOf(names, layer).slice(0, 60)}\u2069 ${list.length} of ${whole(all)}`,
                )
                .join(', ') +
              `${removable.length > 8 ? ` and ${count(removable.length - 8, 'more layer')}` : ''}.`,
          ]
        : []),
      ...(saturated.length > 0 ? [`Use up their width and would gain from more: ${named(saturated)}.`] : []),
    ],
    head: ['Layer', 'Size', 'Rank', 'Error', 'Held out', 'By weights', 'Multiply-adds', 'Saved'],
    rows: sorted.map((layer) => [
      entryOf(names, layer.layer),
      `${whole(layer.rows)} × ${whole(layer.columns)}`,
      `${whole(layer.rank)}${layer.fewInputs ? '*' : ''} of ${whole(layer.bound)}`,
      kept(layer.error.calibrating),
      layer.error.heldOut === null ? '–' : kept(layer.error.heldOut),
      layer.weightError.heldOut === null ? '–' : kept(layer.weightError.heldOut),
      layer.macs.before < 1e6 ? short(layer.macs.before) : wholeShort(layer.macs.before),
      layer.saves ? kept(1 - layer.macs.after / layer.macs.before) : 'none',
    ]),
  };
}
