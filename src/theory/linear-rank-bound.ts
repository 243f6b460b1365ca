import { blockNamed, type BlockName } from '../layers/blocks.js';
import { layerRules, type LayerProtocolLike } from '../layers/layer-rules.js';
import type { LayerSizes } from '../layers/layer.js';

/**
 * Returns the maximum rank of a block's output features, in exact arithmetic, without its activations. An activation
 * has raised a rank only if the rank exceeds this bound.
 *
 * - A single convolution maps patches of d_in k² values: rank <= d_in k², with k the side of the part of the kernel
 * that meets more than padding. A bias adds a constant, which adds one; batch statistics remove it again.
 * - An inverted bottleneck maps the same patches, through `hidden` channels: rank <= min(d_in k², hidden). The shortcut
 * adds the d_in values in the middle of the patch, which the patch has but the hidden channels may not:
 * rank <= min(d_in k², hidden + d_in). Constants add one. With zero padding the constants of the expansion end at the
 * edge, so they are k² inputs of the spatial convolution instead of one.
 * - Any other chain of convolutions has at most the channels of its narrowest place, besides shortcut and constants.
 * - A random shift after the normalization is a constant, as a bias without batch statistics is. Features less their
 * means have no constant.
 * - Never more than d_out, or than N; features less their means never more than N - 1.
 *
 * Derived in docs/theory.md. For a single convolution of one pixel without a bias this is the paper's d_in.
 *
 * @param given the protocol, as text or parsed; `center` says whether features are taken less their means, by default not
 * @throws RangeError for an unknown block or an invalid notation
 * @example
 * linearRankBound('conv3x3', drawSizes(address, protocol), protocol);
 */
export function linearRankBound(
  block: BlockName,
  { dIn, dOut, hidden, columns }: Pick<LayerSizes, 'dIn' | 'dOut' | 'hidden' | 'columns'>,
  given: LayerProtocolLike & { readonly center?: boolean | undefined },
): number {
  const { convolutions, shortcut: hasShortcut } = blockNamed(block);
  const { protocol, bias, shift, normalization } = layerRules(given);
  const { padding, spatial } = protocol;
  const channels = { in: dIn, hidden, out: dOut };
  const centred = normalization.name === 'batch';
  const moved = shift !== null && normalization.name !== 'none';
  const biased = (bias !== null && !centred) || moved;
  // the batch's means are subtracted, wholly or partly
  const shifted = centred || (bias === null && normalization.name === 'running');
  const center = given.center ?? false;
  const most = Math.min(dOut, columns - Number(center));
  const shortcut = hasShortcut && protocol.shortcut ? dIn : 0;
  let patch = 1; // positions of the input that meet in one value
  let entering = dIn; // dimensions of what enters the last convolution with a window
  let inner = Infinity; // channels of the narrowest place between two convolutions
  let present = 0; // constants; batch statistics are constants too
  for (const [i, { kernel, from }] of convolutions.entries()) {
    if (i > 0) inner = Math.min(inner, channels[from]);
    if (kernel > 1) {
      // at one pixel only the middle of a 3x3 kernel meets the input
      const window = padding === 'valid' ? kernel : Math.min(kernel, 2 * spatial - 1);
      patch *= window ** 2;
      entering = Math.min(dIn, inner);
      if (padding === 'same') present *= window ** 2;
    }
    if (biased || shifted) present = Math.max(present, 1);
  }
  // the last batch statistics centre the term added to the shortcut
  const constants = Math.max(0, present - Number(center || (shifted && !moved && shortcut === 0)));
  const patches = Math.min(dIn * patch, entering * patch + (entering < dIn ? shortcut : 0));
  const reached = patches + constants;
  return Math.min(most, reached, inner + shortcut + Number(biased && !center));
}
