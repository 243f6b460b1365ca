/** A point of a published curve. */
export interface PublishedPoint {
  readonly block: string;
  readonly activation: string;
  readonly dimensionRatio: number;
  /** Average rank ratio of the layers' output. */
  readonly rankRatio: number;
}

/**
 * Returns the points of the paper's Figure 1: rank(f(W X)) / d_out, averaged over 1,000 random layers. The paper is
 * "Rethinking Channel Dimensions for Efficient Model Design" (Han, Yun, Heo and Yoo, CVPR 2021, arXiv 2007.00992).
 * There are four blocks, eight activations and ten dimension ratios. The points were read off the printed figure
 * pixel by pixel, with an error of about 0.01. A point hidden by another curve is missing.
 *
 * @example
 * figure1Points().filter(({ block, activation }) => block === 'pointwise' && activation === 'relu');
 */
export function figure1Points(): PublishedPoint[] {
  return Object.entries(panels).flatMap(([block, curves]) =>
    Object.entries(curves).flatMap(([activation, curve]) =>
      curve.split(/\s+/).flatMap((text, i) => {
        const point = { block, activation, dimensionRatio: (i + 1) / 10, rankRatio: Number(text) };
        return text === HIDDEN ? [] : [point];
      }),
    ),
  );
}

const HIDDEN = '-';

/** By block and activation, the rank ratios at the dimension ratios 0.1, 0.2, ..., 1. */
const panels: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pointwise: {
    linear: '0.100 0.200 0.300 0.400 0.500 0.600 0.700 0.800 0.900 1.000',
    relu6: '0.859 0.906 0.928 0.946 -     0.953 -     0.960 0.962 0.960',
    relu: '0.852 0.900 0.930 0.939 0.949 0.949 0.955 0.956 0.961 0.966',
    leakyRelu: '0.872 0.923 0.948 0.963 0.977 -     -     0.990 -     0.991',
    elu: '0.926 0.966 0.979 0.983 0.989 0.993 -     -     -     -',
    softplus: '0.939 0.975 0.984 -     -     -     0.995 0.996 -     -',
    hardSwish: '0.951 0.985 0.991 0.992 0.992 -     -     -     -     -',
    silu: '0.960 0.983 0.985 0.989 0.996 0.995 0.997 0.998 0.998 0.998',
  },
  conv3x3: {
    linear: '0.100 0.200 0.300 0.400 0.500 0.600 0.700 0.800 0.900 1.000',
    relu6: '0.871 0.908 0.931 0.938 0.952 0.958 0.960 0.965 0.962 0.969',
    relu: '0.869 0.915 0.936 0.940 0.957 0.953 0.957 0.962 0.965 0.968',
    leakyRelu: '0.882 0.931 0.946 0.962 0.975 0.978 0.982 0.988 -     0.989',
    elu: '0.928 0.963 0.980 0.984 0.988 0.990 -     -     0.996 -',
    softplus: '0.948 0.973 0.984 -     0.988 -     0.995 -     -     -',
    hardSwish: '-     0.985 -     0.991 -     -     -     -     -     -',
    silu: '0.964 0.984 0.990 0.993 0.992 0.995 0.997 0.996 0.997 0.998',
  },
  'inverted-conv3x3': {
    linear: '0.100 0.200 0.300 0.400 0.500 0.600 0.700 0.800 0.900 1.000',
    relu6: '-     0.562 -     -     0.911 -     -     -     -     -',
    relu: '0.321 0.579 -     0.849 0.914 0.952 -     -     -     -',
    leakyRelu: '0.336 0.596 0.754 0.861 -     -     -     -     -     -',
    elu: '0.390 0.668 0.809 0.903 0.944 -     -     -     0.990 -',
    softplus: '0.387 0.647 0.807 0.889 0.935 0.959 0.976 -     -     -',
    hardSwish: '-     0.695 0.843 0.916 0.959 -     0.987 0.993 -     -',
    silu: '0.407 0.690 0.829 0.913 0.953 0.976 0.984 0.990 0.997 1.000',
  },
  'inverted-depthwise': {
    linear: '0.100 0.200 0.300 0.400 0.500 0.600 0.700 0.800 0.900 1.000',
    relu6: '-     -     0.483 -     -     -     0.839 -     -     -',
    relu: '0.201 -     0.483 0.601 0.687 0.771 0.843 -     -     -',
    leakyRelu: '0.194 -     0.492 0.594 0.698 0.776 0.846 0.903 0.954 -',
    elu: '0.242 0.433 0.568 0.659 0.757 -     -     -     -     -',
    softplus: '0.247 -     0.519 0.613 0.695 0.761 0.834 0.888 0.949 -',
    hardSwish: '0.270 0.447 0.579 0.673 0.761 0.817 0.876 0.921 0.964 -',
    silu: '0.252 -     0.556 0.655 0.742 0.800 0.865 0.913 0.961 0.999',
  },
};
