import { blocks, expands } from '../layers/blocks.js';
import { firstOf } from '../lookups.js';
import type { Manifest } from '../runs/study-run.js';
import type { Study } from '../study/study.js';
import { studyRules } from '../study/study-rules.js';
import { protocolPhrases } from './protocol-phrases.js';

type Described = Pick<Manifest, 'study' | 'state' | 'layers'>;
type Choice = keyof typeof protocolPhrases | 'seed';

/**
 * Returns the protocol of a run in one or two sentences, for a figure's caption. @param tolerances whether to name the
 * tolerances; false if the figure itself shows them
 */
export function protocolCaption(manifest: Described, tolerances = true): string {
  return `Protocol: ${choices(manifest.study, tolerances ? [] : ['tolerances']).join('; ')}.${unfinished(manifest)}`;
}

/** Returns the protocol of predicted layers in a sentence. The figure itself shows widths and tolerances. */
export function predictedCaption(study: Study): string {
  return `Protocol: ${choices(study, ['channels', 'tolerances', 'seed']).join('; ')}.`;
}

/** Returns the protocols of several runs: first the common choices, then the choices that differ for each run. */
export function protocolCaptions(runs: readonly { label: string; manifest: Described }[]): string {
  const all = runs.map(({ manifest }) => choices(manifest.study));
  const shared = firstOf(all).filter((choice) => all.every((other) => other.includes(choice)));
  const own = runs.map(({ label, manifest }, i) => {
    const different = all[i]!.filter((choice) => !shared.includes(choice));
    const words = `${different.join('; ')}${different.length > 0 ? '.' : ''}${unfinished(manifest)}`;
    return words === '' ? '' : ` ${label}: ${words.trim()}`;
  });
  return `Protocol: ${shared.length > 0 ? `${shared.join('; ')}.` : ''}${own.join('')}`;
}

/** Returns every choice that decides a rank of these blocks, but for those left out. */
function choices(study: Study, leftOut: readonly Choice[] = []): string[] {
  const { protocol, seed } = study;
  const rules = studyRules(study);
  const kinds = study.blocks.map((block) => blocks[block]);
  const names: readonly Choice[] = [
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
    ...(['tolerances', 'seed'] as const),
  ];
  return names
    .filter((name) => !leftOut.includes(name))
    .map((name) => (name === 'seed' ? `seed ${seed}` : protocolPhrases[name](rules)));
}

function unfinished({ state, layers }: Described): string {
  return state === 'complete' ? '' : ` Unfinished: ${layers.done} of ${layers.total} layers.`;
}
