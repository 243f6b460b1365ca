import * as v from 'valibot';
import { invalid } from '../errors.js';
import { activationNames } from '../activations/definitions.js';
import { countTo, listOf, numberThat, oneOf, readSchema, strict, textTo } from '../schema.js';
import { usualEpsilon } from './family.js';
import { checkCosts } from './network-costs.js';
import { hasStep, type Network, type NetworkBlock, networkBlockKinds, networkBlocks } from './network.js';

/**
 * Returns the network that a JSON value describes, with every field, checked. Only the channels of each block have to
 * be given. By default blocks are inverted bottlenecks of expansion 6 with 3x3 depthwise convolutions, stride 1 and
 * ReLU6, with a partial shortcut wherever the shapes allow one; the stem has 32 channels and stride 2; the head is
 * pooling and a classifier of 1000 classes; a squeeze-excitation `{}` is ReXNet's. What `rankscope design` writes beside
 * a network, its costs and how it was designed, is not read.
 *
 * @throws RangeError that names the field, its value and what is allowed, or the layer whose costs exceed 2^53 - 1
 * @example
 * networkFromJson({ blocks: [{ channels: 16, expansion: 1 }, { channels: 24, stride: 2 }] });
 */
export function networkFromJson(value: unknown): Network {
  if (isReport(value))
    throw invalid(
      'network',
      value.name,
      'a description of a network; this is its report, as `network --json` prints it: use `network --description`',
    );
  const {
    params: _,
    macs: __,
    elementwise: ___,
    design: ____,
    ...network
  } = readSchema('network', schema, value);
  let channelsIn = network.stem.channels;
  const blocks = network.blocks.map((block, i) => {
    const whole = checkBlock(block, channelsIn, `blocks[${i}]`);
    channelsIn = whole.channels;
    return whole;
  });
  return checkCosts({ ...network, blocks });
}

/** Returns true for a report of a network: a description has no layers. */
function isReport(value: unknown): value is { readonly name: unknown } {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['layers', 'blocks', 'params', 'macs', 'name'].every((key) => Object.hasOwn(value, key))
  );
}

const activation = (usual: (typeof activationNames)[number]) => v.optional(oneOf(activationNames), usual);
const channels = countTo(65_536);
const stride = (usual: number) => v.optional(countTo(32), usual);
const kernel = v.optional(
  numberThat((x) => x % 2 === 1 && x >= 1 && x <= 31, 'an odd number from 1 to 31'),
  3,
);
const positive = numberThat((x) => x > 0, 'a number above 0');
const headLayer = v.nullish(strict({ channels: countTo(1_000_000), activation: activation('relu6') }), null);

const stem = strict({
  channels: v.optional(channels, 32),
  kernel,
  stride: stride(2),
  activation: activation('relu6'),
});

const squeezeExcitation = strict({
  divisor: v.optional(positive, 12),
  of: v.optional(oneOf(['input', 'hidden']), 'hidden'),
  position: v.optional(oneOf(['before-activation', 'after-activation']), 'before-activation'),
  normalized: v.optional(v.boolean(), true),
  activation: activation('relu'),
  gate: activation('sigmoid'),
});

/** Expansion and shortcut have defaults that depend on the kind and the place of a block. */
const block = strict({
  kind: v.optional(oneOf(networkBlockKinds), 'inverted-depthwise'),
  channels,
  expansion: v.optional(positive),
  kernel,
  stride: stride(1),
  activations: v.nullish(
    strict({ expand: activation('relu6'), spatial: activation('relu6'), project: activation('linear') }),
    {},
  ),
  squeezeExcitation: v.nullish(squeezeExcitation, null),
  shortcut: v.optional(oneOf(['none', 'full', 'partial'])),
});

type GivenBlock = v.InferOutput<typeof block>;

/** The fields that `rankscope design` writes beside a network. */
const note = v.optional(v.unknown());

const schema = strict({
  name: v.optional(textTo(10_000), 'network'),
  resolution: v.optional(countTo(8192), 224),
  inputChannels: v.optional(channels, 3),
  epsilon: v.optional(positive, usualEpsilon),
  stem: v.nullish(stem, {}),
  blocks: listOf(block, 10_000),
  head: v.nullish(
    strict({
      convolution: headLayer,
      hidden: headLayer,
      classes: v.optional(countTo(1_000_000), 1000),
    }),
    {},
  ),
  params: note,
  macs: note,
  elementwise: note,
  design: note,
});

/** Returns the block with its defaults, checked against its kind and its input channels. */
function checkBlock(given: GivenBlock, channelsIn: number, path: string): NetworkBlock {
  const { kind, stride, kernel } = given;
  const inverted = hasStep(kind, 'expand');
  const expansion = given.expansion ?? (inverted ? 6 : 1);
  if (!inverted && expansion !== 1) throw invalid(`${path}.expansion`, expansion, `1 for ${kind}`);
  const hidden = Math.round(channelsIn * expansion);
  if (hidden < 1) {
    throw invalid(`${path}.expansion`, expansion, `at least 1/${channelsIn}, for one hidden channel`);
  }
  if (hidden > Number.MAX_SAFE_INTEGER) {
    throw invalid(
      `${path}.expansion`,
      expansion,
      `at most 2^53 hidden channels, of ${channelsIn} channels in`,
    );
  }
  const allowed = networkBlocks[kind].kernel;
  if (allowed !== null && kernel !== allowed)
    throw invalid(`${path}.kernel`, kernel, `${allowed} for ${kind}`);
  if (!hasStep(kind, 'spatial') && given.squeezeExcitation) {
    throw invalid(`${path}.squeezeExcitation`, kind, 'a block with a spatial convolution');
  }
  const fits = stride === 1 && channelsIn <= given.channels;
  const shortcut = given.shortcut ?? (fits ? 'partial' : 'none');
  const shapes = `${channelsIn} channels in, ${given.channels} out, stride ${stride}`;
  if (shortcut === 'full' && !(fits && channelsIn === given.channels)) {
    throw invalid(
      `${path}.shortcut`,
      `full, with ${shapes}`,
      'full where input and output have the same shape',
    );
  }
  if (shortcut === 'partial' && !fits) {
    throw invalid(
      `${path}.shortcut`,
      `partial, with ${shapes}`,
      'partial at stride 1 where channels do not decrease',
    );
  }
  const { channels, activations, squeezeExcitation } = given;
  return { kind, channels, expansion, kernel, stride, activations, squeezeExcitation, shortcut };
}
