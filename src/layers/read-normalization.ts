/** How the channels of a convolution are normalized, parsed. */
export type ChannelNormalization = FixedNormalization | RunningNormalization;

/** The same as text, as a protocol has it. */
export type NormalizationRule = ChannelNormalization['text'];

interface FixedNormalization {
  readonly name: (typeof fixed)[number];
  readonly text: (typeof fixed)[number];
}

interface RunningNormalization {
  readonly name: 'running';
  readonly text: `running:${number}`;
  /** The batch's share in the running statistics, in (0, 1]. */
  readonly share: number;
}

const fixed = ['none', 'inference', 'batch', 'deviation'] as const;

/**
 * Returns the normalization in this notation, or undefined if the notation is invalid. Rules are `none`, `inference`,
 * `batch`, `deviation` and `running:R` with 0 < R <= 1, see `LayerProtocol`.
 */
export function readNormalization(notation: string): ChannelNormalization | undefined {
  const name = fixed.find((one) => one === notation);
  if (name !== undefined) return { name, text: name };
  const share = Number(/^running:(\d*\.?\d+)$/.exec(notation)?.[1]);
  return share > 0 && share <= 1 ? { name: 'running', text: `running:${share}`, share } : undefined;
}

export const normalizationNotations = 'none, inference, batch, deviation, running:R with 0 < R <= 1';
