import type { BlockName } from '../layers/blocks.js';
import type { Contrast, ContrastTerm } from './contrast.js';

/** A claim in words, and the contrasts that are positive where it holds. */
export interface Claim {
  readonly name: string;
  /** The claim as a sentence. */
  readonly words: string;
  /** The difference that is compared, in words, for the reader of a figure. */
  readonly difference: string;
  readonly parts: readonly ClaimPart[];
}

export interface ClaimPart {
  /** The subject of the part: a block, two blocks, or a dimension ratio. */
  readonly name: string;
  readonly contrast: Contrast;
}

/** The blocks of the paper's Figure 1, by the names of the claims' parts. */
const NAMES = {
  pointwise: 'Pointwise',
  conv3x3: '3×3',
  'inverted-conv3x3': 'Bottleneck, 3×3',
  'inverted-depthwise': 'Bottleneck, depthwise',
} as const satisfies Partial<Record<BlockName, string>>;
const BLOCKS = Object.keys(NAMES) as readonly (keyof typeof NAMES)[];
const NONLINEAR = ['relu6', 'relu', 'leakyRelu', 'elu', 'softplus', 'hardSwish', 'silu'];
/** The smooth ones that the paper names. Hard swish is not smooth: its slope jumps by a half, at -3 and at 3. */
const SMOOTH = ['elu', 'silu'];
const RECTIFIERS = ['relu6', 'relu'];
/** The other activations; each is compared with the rectifiers by itself. */
const COMPARED = {
  leakyRelu: 'LeakyReLU',
  elu: 'ELU',
  softplus: 'Softplus',
  hardSwish: 'Hard swish',
  silu: 'SiLU',
} as const;

/** The dimension ratio of the first convolution of a bottleneck that expands by 6, in the digits of a study. */
const SIXTH = 0.166666666667;
/** The dimension ratios over which an average is taken. */
const AVERAGED = [0.1, 0.2, 0.3, 0.5];

/** The dimension ratios that the claims compare. */
export const claimRatios: readonly number[] = [0.1, SIXTH, 0.2, 0.3, 0.5];

/**
 * The conclusions that the paper draws from its Figure 1, each as contrasts of rank ratios. Han et al., "Rethinking
 * Channel Dimensions for Efficient Model Design", CVPR 2021. Averages are over the seven activations of the figure, and
 * over the ratios 0.1, 0.2, 0.3 and 0.5 where no dimension ratio is named.
 */
export const paperClaims: readonly Claim[] = [
  {
    name: 'expansion',
    words: 'Drastic expansion lowers the rank ratio.',
    difference: 'dimension ratio 0.5 minus 0.1, mean of the activations',
    parts: BLOCKS.map((block) => ({
      name: NAMES[block],
      contrast: [...mean(block, 0.5, NONLINEAR), ...negative(mean(block, 0.1, NONLINEAR))],
    })),
  },
  {
    name: 'nonlinearity',
    words: 'Activations raise the rank ratio above that of the linear layer.',
    difference: 'mean of the activations minus linear, on the same layers at the same tolerance',
    parts: BLOCKS.map((block) => ({ name: NAMES[block], contrast: gain(block, 'linear') })),
  },
  {
    name: 'bound',
    words: 'Activations raise the rank ratio above the linear bound.',
    difference: 'mean of the activations minus the largest rank the linear layer can have',
    parts: BLOCKS.map((block) => ({ name: NAMES[block], contrast: gain(block, 'bound') })),
  },
  {
    name: 'six',
    words: 'Expanding by more lowers the rank ratio of the first 1 × 1 convolution of a bottleneck.',
    difference: 'rank ratio of a pointwise layer that expands by less minus by more, mean of the activations',
    parts: (
      [
        ['2 − 6', 0.5, SIXTH],
        ['5 − 6', 0.2, SIXTH],
        ['6 − 10', SIXTH, 0.1],
      ] as const
    ).map(([name, less, more]) => ({
      name: `Expansion ${name}`,
      contrast: [...mean('pointwise', less, NONLINEAR), ...negative(mean('pointwise', more, NONLINEAR))],
    })),
  },
  ...[0.1, 0.3].map((ratio) => ({
    name: `smooth-${ratio}`,
    words: `Smooth activations raise it more than ReLU and ReLU6: at dimension ratio ${ratio}.`,
    difference: 'mean of ELU and SiLU minus mean of ReLU and ReLU6, on the same layers',
    parts: BLOCKS.map((block) => ({
      name: NAMES[block],
      contrast: [...mean(block, ratio, SMOOTH), ...negative(mean(block, ratio, RECTIFIERS))],
    })),
  })),
  ...[0.1, 0.3].map((ratio) => ({
    name: `each-${ratio}`,
    words: `Each activation beside ReLU and ReLU6: pointwise, at dimension ratio ${ratio}.`,
    difference: 'the activation minus mean of ReLU and ReLU6, on the same layers',
    parts: Object.entries(COMPARED).map(([activation, name]) => ({
      name,
      contrast: [
        ...mean('pointwise', ratio, [activation]),
        ...negative(mean('pointwise', ratio, RECTIFIERS)),
      ],
    })),
  })),
  {
    name: 'single',
    words: 'Activations matter more for single convolutions than for inverted bottlenecks.',
    difference: 'gain of an activation over linear: single convolution minus bottleneck',
    parts: (
      [
        ['pointwise', 'inverted-conv3x3'],
        ['conv3x3', 'inverted-conv3x3'],
        ['pointwise', 'inverted-depthwise'],
        ['conv3x3', 'inverted-depthwise'],
      ] as const
    ).map(([single, inverted]) => ({
      name: `${NAMES[single]} − ${inverted === 'inverted-conv3x3' ? 'full' : 'depthwise'} bottleneck`,
      contrast: [...gain(single, 'linear'), ...negative(gain(inverted, 'linear'))],
    })),
  },
  {
    name: 'depthwise',
    words: 'Depthwise bottlenecks need a larger dimension ratio than full ones.',
    difference: 'rank ratio of the full bottleneck minus that of the depthwise one, mean of the activations',
    parts: AVERAGED.map((ratio) => ({
      name: `Dimension ratio ${ratio}`,
      contrast: [
        ...mean('inverted-conv3x3', ratio, NONLINEAR),
        ...negative(mean('inverted-depthwise', ratio, NONLINEAR)),
      ],
    })),
  },
];

/** The mean of several values of each layer. */
function mean(block: BlockName, dimensionRatio: number, values: readonly string[]): ContrastTerm[] {
  return values.map((value) => ({ block, dimensionRatio, value, weight: 1 / values.length }));
}

/** Returns the gain of activations over `than`, averaged over the dimension ratios. */
function gain(block: BlockName, than: string): ContrastTerm[] {
  return AVERAGED.flatMap((ratio) => [
    ...mean(block, ratio, NONLINEAR),
    ...negative(mean(block, ratio, [than])),
  ]).map((term) => ({ ...term, weight: term.weight / AVERAGED.length }));
}

function negative(contrast: Contrast): ContrastTerm[] {
  return contrast.map((term) => ({ ...term, weight: -term.weight }));
}
