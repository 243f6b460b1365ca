import type { BlockName } from '../layers/blocks.js';
import type { Contrast, ContrastTerm } from './contrast.js';

/** A claim in words, and the contrasts that are positive where it holds. */
export interface Claim {
  readonly name: string;
  /** The claim as a sentence. */
  readonly words: string;
  /** What is compared, for the reader of a figure: what minus what. */
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
const SMOOTH = ['elu', 'softplus', 'hardSwish', 'silu'];
const RECTIFIERS = ['relu6', 'relu'];

/** The dimension ratios that the claims compare. */
export const claimRatios: readonly number[] = [0.1, 0.2, 0.3, 0.5];

/**
 * The conclusions that Han et al., "Rethinking Channel Dimensions for Efficient Model Design" (CVPR 2021) draw from
 * their Figure 1, each as contrasts of rank ratios. Averages are over the seven activations of the figure, and over
 * `claimRatios` where no dimension ratio is named.
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
  ...[0.1, 0.3].map((ratio) => ({
    name: `smooth-${ratio}`,
    words: `Smooth activations raise it more than ReLU and ReLU6: at dimension ratio ${ratio}.`,
    difference: 'mean of ELU, Softplus, hard swish and SiLU minus mean of ReLU and ReLU6, on the same layers',
    parts: BLOCKS.map((block) => ({
      name: NAMES[block],
      contrast: [...mean(block, ratio, SMOOTH), ...negative(mean(block, ratio, RECTIFIERS))],
    })),
  })),
  {
    name: 'single',
    words: 'Activations matter more for single convolutions than for inverted bottlenecks.',
    difference: 'what activations add to linear: single convolution minus bottleneck',
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
    parts: claimRatios.map((ratio) => ({
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
  return claimRatios
    .flatMap((ratio) => [...mean(block, ratio, NONLINEAR), ...negative(mean(block, ratio, [than]))])
    .map((term) => ({ ...term, weight: term.weight / claimRatios.length }));
}

function negative(contrast: Contrast): ContrastTerm[] {
  return contrast.map((term) => ({ ...term, weight: -term.weight }));
}
