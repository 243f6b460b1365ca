import { invalid } from '../errors.js';
import { activationNames } from '../activations/definitions.js';
import { usualEpsilon } from './family.js';
import {
  countTo,
  type JsonFields,
  listOf,
  objectOf,
  oddTo,
  oneOf,
  orDefault,
  orNull,
  positive,
  text,
} from './json-readers.js';
import {
  type BlockActivations,
  type Head,
  type HeadLayer,
  type Network,
  type NetworkBlock,
  networkBlockKinds,
  type Shortcut,
  type SqueezeExcitation,
  type Stem,
} from './network.js';

/**
 * Returns the network that a JSON value describes, with every field, checked. Only the channels of each block have to
 * be given. By default blocks are inverted bottlenecks of expansion 6 with 3x3 depthwise convolutions, stride 1 and
 * ReLU6, with a partial shortcut wherever the shapes allow one; the stem has 32 channels and stride 2; the head is
 * pooling and a classifier of 1000 classes; a squeeze-excitation `{}` is ReXNet's. What `rankscope design` writes beside
 * a network, its costs and how it was designed, is not read.
 *
 * @throws RangeError that names the field, its value and what is allowed
 * @example
 * networkFromJson({ blocks: [{ channels: 16, expansion: 1 }, { channels: 24, stride: 2 }] });
 */
export function networkFromJson(value: unknown): Network {
  const network = readNetwork(withoutNotes(value), '');
  let channelsIn = network.stem.channels;
  const blocks = network.blocks.map((block, i) => {
    const whole = checkBlock(block, channelsIn, `blocks[${i}]`);
    channelsIn = whole.channels;
    return whole;
  });
  return { ...network, blocks };
}

const notes = ['params', 'macs', 'elementwise', 'design'];

function withoutNotes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !notes.includes(key)));
}

/** A block as it is given: expansion and shortcut have defaults that depend on its kind and its place. */
type GivenBlock = Omit<NetworkBlock, 'expansion' | 'shortcut'> & {
  readonly expansion: number | undefined;
  readonly shortcut: Shortcut | undefined;
};

const activation = oneOf(activationNames);
const channels = countTo(65_536);
const stride = countTo(32);
const kernel = orDefault(oddTo(31), 3);

const headLayer = objectOf<HeadLayer>({ channels, activation: orDefault(activation, 'relu6') });

const activations = objectOf<BlockActivations>({
  expand: orDefault(activation, 'relu6'),
  spatial: orDefault(activation, 'relu6'),
  project: orDefault(activation, 'linear'),
});

const squeezeExcitation = objectOf<SqueezeExcitation>({
  divisor: orDefault(positive, 12),
  of: orDefault(oneOf(['input', 'hidden']), 'hidden'),
  position: orDefault(oneOf(['before-activation', 'after-activation']), 'before-activation'),
  normalized: orDefault(oneOf([true, false]), true),
  activation: orDefault(activation, 'relu'),
  gate: orDefault(activation, 'sigmoid'),
});

const blockFields: JsonFields<GivenBlock> = {
  kind: orDefault(oneOf(networkBlockKinds), 'inverted-depthwise'),
  channels,
  expansion: orDefault<number | undefined>(positive, undefined),
  kernel,
  stride: orDefault(stride, 1),
  activations: (value, path) => activations(value ?? {}, path),
  squeezeExcitation: orDefault(orNull(squeezeExcitation), null),
  shortcut: orDefault<Shortcut | undefined>(oneOf<Shortcut>(['none', 'full', 'partial']), undefined),
};

const stem = objectOf<Stem>({
  channels: orDefault(channels, 32),
  kernel,
  stride: orDefault(stride, 2),
  activation: orDefault(activation, 'relu6'),
});

const head = objectOf<Head>({
  convolution: orDefault(orNull(headLayer), null),
  hidden: orDefault(orNull(headLayer), null),
  classes: orDefault(countTo(1_000_000), 1000),
});

const readNetwork = objectOf<Omit<Network, 'blocks'> & { readonly blocks: readonly GivenBlock[] }>({
  name: orDefault(text, 'network'),
  resolution: orDefault(countTo(8192), 224),
  inputChannels: orDefault(channels, 3),
  epsilon: orDefault(positive, usualEpsilon),
  stem: (value, path) => stem(value ?? {}, path),
  blocks: listOf(objectOf(blockFields)),
  head: (value, path) => head(value ?? {}, path),
});

/** Returns the block with its defaults, checked against its kind and the channels it takes in. */
function checkBlock(given: GivenBlock, channelsIn: number, path: string): NetworkBlock {
  const { kind, stride, kernel } = given;
  const inverted = kind === 'inverted-depthwise' || kind === 'inverted-conv3x3';
  const expansion = given.expansion ?? (inverted ? 6 : 1);
  if (!inverted && expansion !== 1) throw invalid(`${path}.expansion`, expansion, `1 for ${kind}`);
  if (inverted && Math.round(channelsIn * expansion) < 1) {
    throw invalid(`${path}.expansion`, expansion, `at least 1/${channelsIn}, for one hidden channel`);
  }
  if (kind.endsWith('conv3x3') && kernel !== 3) throw invalid(`${path}.kernel`, kernel, `3 for ${kind}`);
  if (kind === 'pointwise' && given.squeezeExcitation) {
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
  return { ...given, expansion, shortcut };
}
