import type { AppliedPlan, OutputErrors } from '../../plan/apply-plan.js';
import type { ModelLayerPlan, ModelPlan } from '../../plan/plan-model.js';
import { formatQuantity } from '../options/read-quantity.js';
import { aligned, ruleUnder } from './aligned.js';
import { cut, wrapped } from './fit-width.js';
import { count } from './model-table.js';
import { shortNames } from '../../weights/short-names.js';
import { skippedLines } from './skipped-lines.js';

/** The number of layers listed by default. */
const LISTED = 30;

/** Returns a plan as text of at most 80 columns. A line says what it saves; the layers that save most come first. */
export function planTable(plan: ModelPlan, { all }: { all: boolean }): string {
  const { layers, channels, inputs } = plan;
  const sorted = [...layers].sort((a, b) => saved(b) - saved(a));
  const listed = all ? sorted : sorted.slice(0, LISTED);
  const names = shortNames(layers.map(({ layer }) => layer));
  const heading = ['layer', 'size', 'rank', 'of', 'error', 'held-out', 'weights', 'MACs', 'saved'];
  const [head = '', ...rest] = aligned([heading, ...listed.map((layer) => cells(layer, names))]);
  return [
    cut(plan.file, 80),
    `${inputs.words}: ${inputs.calibrating} for the plan, ${inputs.heldOut} held out. ${finding(plan)}`,
    '',
    head,
    ruleUnder(head),
    ...rest,
    ...(listed.length < layers.length ? [`... and ${layers.length - listed.length} more (--all)`] : []),
    '',
    'rank: that of the two layers that replace one. error, held-out: those of the centred response on the ' +
      'inputs of the plan and on held-out ones. weights: the held-out error if the weights are truncated ' +
      'at that rank. *: too few inputs; the held-out ones decided the rank.',
    ...channelLines(channels, names),
    ...skippedLines(plan),
  ]
    .flatMap((line) => wrapped(line))
    .map((line) => `${line}\n`)
    .join('');
}

/** Multiply-adds that a layer saves; negative if two layers are larger than one. */
const saved = ({ macs }: ModelLayerPlan) => macs.before - macs.after;

function finding({ layers, macs, error }: ModelPlan): string {
  const saving = layers.filter(({ saves }) => saves);
  const at = `at an error of ${percent(error)}`;
  if (saving.length === 0) return `No saving ${at}: every response needs nearly its whole rank.`;
  const share = percent(Math.round(1000 * (1 - macs.after / macs.before)) / 1000);
  return `${saving.length} of ${count(layers.length, 'layer')} ${saving.length === 1 ? 'saves' : 'save'} ${at}: ${share} of their MACs.`;
}

function cells(layer: ModelLayerPlan, names: ReadonlyMap<string, string>): string[] {
  const { rows, columns, rank, bound, error, weightError, macs, saves } = layer;
  return [
    cut(names.get(layer.layer) ?? layer.layer, 22),
    `${rows}x${columns}`,
    `${rank}${layer.fewInputs ? '*' : ''}`,
    String(bound),
    error.calibrating.toFixed(3),
    error.heldOut?.toFixed(3) ?? '-',
    weightError.heldOut?.toFixed(3) ?? '-',
    formatQuantity(macs.before),
    saves ? percent(Math.round(100 * (1 - macs.after / macs.before)) / 100) : '-',
  ];
}

function channelLines(channels: ModelPlan['channels'], names: ReadonlyMap<string, string>): string[] {
  const lines: string[] = [];
  const named = (layer: string) => cut(names.get(layer) ?? layer, 28);
  const removable = channels.filter(({ removable: list }) => list.length > 0);
  if (removable.length > 0) {
    const words = removable.slice(0, 6).map(({ layer, removable: list, channels: total }) => {
      const kinds = ['dead', 'constant', 'combination'].flatMap((kind) => {
        const { length } = list.filter((one) => one.kind === kind);
        return length > 0 ? [`${length} ${kind}`] : [];
      });
      return `${named(layer)} ${kinds.join(' + ')} of ${total}`;
    });
    const more = removable.length > 6 ? `; ${removable.length - 6} more layers (--json)` : '';
    lines.push('', `Removable without a loss on these inputs: ${words.join('; ')}${more}.`);
  }
  const saturated = channels
    .filter(({ width }) => width.saturated)
    .sort((a, b) => b.width.ranksPerMillionMacs - a.width.ranksPerMillionMacs);
  if (saturated.length > 0) {
    const words = saturated
      .slice(0, 4)
      .map(
        ({ layer, width }) =>
          `${named(layer)} (rank ${width.rank} of ${width.bound}, ${width.ranksPerMillionMacs.toPrecision(2)} per million MACs)`,
      );
    lines.push('', `Width used up, would gain from more: ${words.join('; ')}.`);
  }
  return lines;
}

/** Returns the lines about the written files and the change of the outputs. */
export function appliedText(applied: AppliedPlan, outputs: readonly OutputErrors[]): string {
  const lines = [
    `applied  ${count(applied.applied.length, 'layer')}`,
    ...applied.left.map(({ name, reason }) => `left     ${name}: ${reason}`),
    ...applied.paths.map((path) => `written  ${path}`),
    ...outputs.map(
      ({ output, error, agreement }) =>
        `output   ${output}: ${error === null ? `no error, ${unlike}` : `error ${error.toPrecision(3)}`} on the held-out inputs` +
        (agreement === null
          ? ''
          : `, the same largest output for ${percent(Math.round(1000 * agreement) / 1000)}`),
    ),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Returns sentences on the change of the outputs of the written model. */
export function appliedNotes(outputs: readonly OutputErrors[]): string[] {
  return outputs.map(
    ({ output, error, agreement }) =>
      `The smaller model that was written has ${error === null ? `no error, ${unlike},` : `an error of ${percent(Number(error.toPrecision(3)))}`} at its output ` +
      `${output} on the held-out inputs` +
      (agreement === null
        ? '.'
        : `, and the same largest output for ${percent(Math.round(1000 * agreement) / 1000)}.`),
  );
}

/** Why an output has no error. */
const unlike = 'since its size changed, or its numbers are all zero or not finite';

const percent = (share: number) => `${Number((100 * share).toPrecision(6))}%`;
