import { blocks, expands } from '../layers/blocks.js';
import { firstOf } from '../lookups.js';
import type { Manifest } from '../runs/study-run.js';
import { studyRules } from '../study/study-rules.js';
import { protocolPhrases } from './protocol-phrases.js';

type Described = Pick<Manifest, 'study' | 'state' | 'layers'>;

/**
 * Returns the protocol of a run in one or two sentences, for a figure's caption. @param tolerances whether to name the
 * tolerances; false if the figure itself shows them
 */
export function protocolCaption(manifest: Described, tolerances = true): string {
  return `Protocol: ${choices(manifest, tolerances).join('; ')}.${unfinished(manifest)}`;
}

/** Returns the protocols of several runs: first the common choices, then the choices that differ for each run. */
export function protocolCaptions(runs: readonly { label: string; manifest: Described }[]): string {
  const all = runs.map(({ manifest }) => choices(manifest, true));
  const shared = firstOf(all).filter((choice) => all.every((other) => other.includes(choice)));
  const own = runs.map(({ label, manifest }, i) => {
    const different = all[i]!.filter((choice) => !shared.includes(choice));
    const words = `${different.join('; ')}${different.length > 0 ? '.' : ''}${unfinished(manifest)}`;
    return words === '' ? '' : ` ${label}: ${words.trim()}`;
  });
  return `Protocol: ${shared.length > 0 ? `${shared.join('; ')}.` : ''}${own.join('')}`;
}

/** Returns every choice that decides a rank of these blocks. */
function choices({ study }: Described, tolerances: boolean): string[] {
  const { protocol, seed } = study;
  const rules = studyRules(study);
  const kinds = study.blocks.map((block) => blocks[block]);
  const names: readonly (keyof typeof protocolPhrases)[] = [
    ...(['weights', 'bias', 'inputs', 'normalization'] as const),
    ...(protocol.normalization === 'none' ? [] : (['normalizationScale', 'normalizationShift'] as const)),
    'spatial',
    ...(kinds.every(({ convolutions }) => convolutions.every(({ kernel }) => kernel === 1))
      ? []
      : (['padding'] as const)),
    ...(['samples', 'channels'] as const),
    ...(kinds.some(expands) ? (['expansion'] as const) : []),
    ...(kinds.some(({ shortcut }) => shortcut) ? (['shortcut'] as const) : []),
    ...(protocol.center ? (['center'] as const) : []),
    ...(tolerances ? (['tolerances'] as const) : []),
  ];
  return [...names.map((name) => protocolPhrases[name](rules)), `seed ${seed}`];
}

function unfinished({ state, layers }: Described): string {
  return state === 'complete' ? '' : ` Unfinished: ${layers.done} of ${layers.total} layers.`;
}
