import { blocks } from '../layers/blocks.js';
import type { Manifest } from '../store/manifest.js';

/**
 * Returns the protocol of a run in a sentence or two, for the foot of a figure.
 * @param tolerances whether it names the tolerances; not where the figure itself has them
 */
export function protocolCaption(
  { study, state, layers }: Pick<Manifest, 'study' | 'state' | 'layers'>,
  tolerances = true,
): string {
  const { protocol, seed } = study;
  const parts = [
    `weights ${protocol.weights}`,
    `bias ${protocol.bias}`,
    `inputs ${protocol.inputs}`,
    `normalization ${protocol.normalization}`,
    `${protocol.spatial} × ${protocol.spatial} pixels`,
    `N = ${protocol.samples}`,
    `d_out ${protocol.channels.replace(':', ' to ')}`,
    ...(study.blocks.some((block) => blocks[block].kind === 'inverted')
      ? [`expansion ${String(protocol.expansion).replace(':', ' to ')}`]
      : []),
    ...(tolerances ? [`tolerance ${protocol.tolerances.join(', ')}`] : []),
    `seed ${seed}`,
  ];
  const unfinished = state === 'complete' ? '' : ` Unfinished: ${layers.done} of ${layers.total} layers.`;
  return `Protocol: ${parts.join('; ')}.${unfinished}`;
}
