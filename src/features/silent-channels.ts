/**
 * With fewer inputs a channel may be silent by chance. One that is active on 5 % of inputs is silent on 59 in 1 of 20
 * cases.
 */
export const MIN_INPUTS = 59;
/** A smaller share of a layer's channels is not marked. */
const MIN_SHARE = 0.01;

export interface SilentChannels {
  /** Channels with the same number in every column. */
  readonly silent: number;
  /** Whether the layer is marked: there are enough inputs to generalise, and enough silent channels to matter. */
  readonly marked: boolean;
  /** The 95% upper bound on the share of inputs on which such a channel may be active. */
  readonly activeShare: number;
}

/**
 * Returns how many channels of a layer are silent, and whether that marks the layer. The rule: at least 1 % of the channels
 * have the same number in every column of at least 59 inputs. A channel silent on all of n independent inputs is active on at
 * most 1 - 0.05^(1/n) of others, at 95 %: 31 % for 8 inputs, 4.95 % for 59. Inputs count, not positions, which are alike.
 */
export function silentChannels(
  { silent: share }: { readonly silent: number },
  { channels, inputs }: { readonly channels: number; readonly inputs: number },
): SilentChannels {
  const silent = Math.round(share * channels);
  return {
    silent,
    marked: silent > 0 && inputs >= MIN_INPUTS && silent >= MIN_SHARE * channels,
    activeShare: inputs > 0 ? 1 - 0.05 ** (1 / inputs) : 1,
  };
}
