import { readFile } from 'node:fs/promises';
import {
  protocolPresetNames,
  readManifest,
  readTable,
  type CumulativePoint,
  type ProtocolPresetName,
  type SpectrumPoint,
  type ThresholdPoint,
} from 'rankscope';
import {
  comparisonFigure,
  expansionPathFigure,
  expansionShareFigure,
  metricFigure,
  protocolCaption,
  spectrumFigure,
  toleranceFigure,
  type ExpansionPoint,
  type TolerancePoint,
} from 'rankscope/figures';
import { claimFigure, paperClaims, type ClaimResult } from 'rankscope/paper';
import { activationMapFigure } from './activation-map-figure';
import {
  orthogonalPanels,
  representationPanels,
  sharePanels,
  softmaxPanels,
  stackPanels,
  stackPoints,
  widthPanels,
  type StackRow,
} from './study-panels';
import { theoryPanels } from './theory-panels';
import type { GalleryEntry } from './gallery';

const caption = async (folder: string, tolerances = true) =>
  protocolCaption(await readManifest(folder), tolerances);

/** Of theory.json. */
interface Measured {
  readonly layers: number;
  readonly seed: number;
}

/** The runs of this experiment differ in their expansion ratio, which the figure has. */
const expansionCaption = async (folder: string) =>
  (await caption(folder, false)).replace(/; expansion [^;]+/, '');

const protocolPhrases: Readonly<Record<ProtocolPresetName, string>> = {
  fitted: 'The protocol is the one fitted to the paper’s Figure 1.',
  standard: 'The protocol is the standard one: batch statistics, scale 1, shift 0.',
};

const blockPhrases: Readonly<Record<(typeof LAYER_BLOCKS)[number], string>> = {
  pointwise: 'pointwise convolutions',
  conv3x3: '3 × 3 convolutions',
  'inverted-conv3x3': 'inverted bottlenecks with a 3 × 3 convolution',
  'inverted-depthwise': 'inverted bottlenecks with a depthwise convolution',
};

const forEachProtocol = <T>(entry: (name: ProtocolPresetName, words: string) => T): T[] =>
  protocolPresetNames.map((name) => entry(name, protocolPhrases[name]));

/** Blocks that have a picture of their own where all of them would fill a page too long to read. */
const LAYER_BLOCKS = ['pointwise', 'conv3x3', 'inverted-conv3x3', 'inverted-depthwise'] as const;
const BOTTLENECKS = ['inverted-conv3x3', 'inverted-depthwise'] as const;

const CLAIM_CAPTION =
  'Rows: the standard protocol (batch normalization, scale 1, shift 0, zero padding, shortcut, N = 4 d_out, expansion 6) ' +
  'and the one fitted to the paper’s figure (division by the batch’s deviation, scales uniform from 0 to 1, N = ' +
  '1.2 d_out, expansion uniform from 0 to 5), each also with one choice changed; d_out uniform from 64 to 128, one ' +
  'pixel, seed 1. Columns: tolerances relative to the largest singular value, the fewest singular values that hold a ' +
  'share of Σσ² or Σσ, and two metrics without a tolerance, each divided by the channels. Simultaneous 95% ' +
  'intervals (bets; Bonferroni).';

/** The figures of random layers: what the paper's conclusions rest on. */
export const layerFigures: readonly GalleryEntry[] = [
  ...paperClaims.map((claim) => ({
    figure: `claims/${claim.name}`,
    shows: `Where a claim of the paper holds, where it is reversed, and where neither is shown. The claim: ${claim.words}`,
    command: 'npx tsx experiments/claims.ts',
    formats: ['png'] as const,
    draw: async (folder: string) =>
      claimFigure(
        [claim],
        (await readTable<ClaimResult>(`${folder}/claims.csv`)).filter(
          (result) => result.claim === claim.name,
        ),
        { title: 'Where a claim of the paper holds', caption: CLAIM_CAPTION },
      ),
  })),
  ...forEachProtocol((name, words) =>
    LAYER_BLOCKS.map((block) => ({
      figure: `tolerance/${name}-${block}`,
      shows: `Mean rank ratio of ${blockPhrases[block]} at 23 tolerances, by dimension ratio. ${words}`,
      command: 'npx tsx experiments/tolerance.ts',
      formats: ['png'] as const,
      draw: async (folder: string) =>
        toleranceFigure(
          (await readTable<TolerancePoint>(`${folder}/tolerance-${name}.csv`)).filter(
            (point) => point.block === block,
          ),
          {
            title: `Rank ratio over tolerance and dimension ratio, ${name} protocol`,
            caption: await caption(`${folder}/${name}`, false),
          },
        ),
    })),
  ).flat(),
  ...forEachProtocol((name, words) => ({
    figure: `tolerance/metrics-${name}`,
    shows: `Effective rank, participation ratio and stable rank per channel, which need no tolerance. ${words}`,
    command: 'npx tsx experiments/tolerance.ts',
    draw: async (folder: string) =>
      metricFigure(await readTable(`${folder}/metrics-${name}.csv`), {
        title: `How much of its width a layer uses, without a tolerance, ${name} protocol`,
        caption: await caption(`${folder}/${name}`, false),
      }),
  })),
  ...forEachProtocol((name, words) =>
    LAYER_BLOCKS.map((block) => ({
      figure: `spectra/${name}/${block}`,
      shows: `Singular values of the features of ${blockPhrases[block]}, at three dimension ratios. ${words}`,
      command: 'npx tsx experiments/spectra.ts',
      formats: ['png'] as const,
      draw: async (folder: string) =>
        spectrumFigure(
          await readTable<SpectrumPoint>(`${folder}/${block}-spectrum.csv`),
          await readTable<CumulativePoint>(`${folder}/${block}-cumulative.csv`),
          {
            tolerances: await readTable<ThresholdPoint>(`${folder}/${block}-tolerance.csv`),
            caption: await caption(folder),
          },
        ),
    })),
  ).flat(),
  ...forEachProtocol((name, words) => ({
    figure: `expansion/path-${name}`,
    shows: `Rank gained and lost at each place of an inverted bottleneck with ReLU6. ${words}`,
    command: 'npx tsx experiments/expansion.ts',
    draw: async (folder: string) => {
      const points = await readTable<ExpansionPoint>(`${folder}/expansion-${name}.csv`);
      return expansionPathFigure(
        points.filter(({ activation }) => activation === 'relu6'),
        {
          title: `The rank on its way through an inverted bottleneck, ${name} protocol, ReLU6`,
          caption: await expansionCaption(`${folder}/${name}-1`),
        },
      );
    },
  })),
  ...forEachProtocol((name, words) =>
    BOTTLENECKS.map((block) => ({
      figure: `expansion/share-${name}-${block}`,
      shows: `Used share of the width at each place of ${blockPhrases[block]}, by expansion ratio. ${words}`,
      command: 'npx tsx experiments/expansion.ts',
      formats: ['png'] as const,
      draw: async (folder: string) =>
        expansionShareFigure(
          (await readTable<ExpansionPoint>(`${folder}/expansion-${name}.csv`)).filter(
            (point) => point.block === block,
          ),
          {
            title: `How much of its width each place of an inverted bottleneck uses, ${name} protocol`,
            caption: await expansionCaption(`${folder}/${name}-1`),
          },
        ),
    })),
  ).flat(),
  {
    figure: 'width/width',
    shows:
      'Rank ratio of pointwise layers with 64 to 1,024 channels, predicted and measured, with and without the channels’ means.',
    command: 'npx tsx experiments/width.ts',
    draw: async (folder) =>
      comparisonFigure(widthPanels, await readTable(`${folder}/width.csv`), {
        title: 'Rank ratio against width at dimension ratio 0.1',
        caption: `${(await caption(`${folder}/64`, false)).replace('d_out 64; ', '')} Six layers per point.`,
      }),
  },
  ...(
    [
      ['silu', 'relu'],
      ['hardSwish', 'relu'],
    ] as const
  ).map((pair): GalleryEntry => ({
    figure: `activation-map/${pair.join('-').toLowerCase()}`,
    shows: `Which of two activations has more rank, ${pair.join(' or ')}, over width and tolerance. The map is predicted; discs are measured layers.`,
    command: 'npx tsx experiments/activation-map.ts',
    draw: (folder) => activationMapFigure(folder, pair),
  })),
  {
    figure: 'orthogonal/orthogonal',
    shows: 'Rank ratio of pointwise layers with orthogonal weights, and with normal weights.',
    command: 'npx tsx experiments/orthogonal.ts',
    draw: async (folder) =>
      comparisonFigure(orthogonalPanels, await readTable(`${folder}/orthogonal.csv`), {
        title: 'Orthogonal weights beside normal ones',
        caption: `${(await caption(`${folder}/orthogonal`, false)).replace('weights orthogonal', 'weights normal or orthogonal')} 200 layers per point.`,
      }),
  },
  {
    figure: 'channel-shares/channel-shares',
    shows:
      'Shares of silent, never bent and dormant channels, and the rank ratio, by the spread of the channels’ shifts.',
    command: 'npx tsx experiments/channel-shares.ts',
    draw: async (folder) =>
      comparisonFigure(sharePanels, await readTable(`${folder}/channel-shares.csv`), {
        title: 'Channels that an activation silences or leaves unbent',
        caption: `${(await caption(`${folder}/shift-1`, false)).replace('with standard deviation 1; 1', 'with the standard deviation shown; 1')} 200 layers per point.`,
      }),
  },
  {
    figure: 'prediction/stack',
    shows: 'Rank ratio of the second and third convolution of inverted bottlenecks, predicted and measured.',
    command: 'npx tsx experiments/prediction.ts',
    draw: async (folder) => {
      const rows = await readTable<StackRow>(`${folder}/bottlenecks.csv`);
      return comparisonFigure(stackPanels, stackPoints(rows), {
        title: 'Layers whose inputs are the features of others',
        caption:
          'Inverted bottlenecks with a dense middle at one pixel, standard protocol (normal weights and inputs, batch normalization, ' +
          `scale 1, shift 0), 128 outputs, expansion 2, N = 512; ${rows[0]?.layers ?? 0} layers per point.`,
      });
    },
  },
  {
    figure: 'representation/representation',
    shows: 'RankMe and the exponent of α-ReQ for random layers, by the number of samples.',
    command: 'npx tsx experiments/representation.ts',
    draw: async (folder) =>
      comparisonFigure(representationPanels, await readTable(`${folder}/representation.csv`), {
        title: 'How many samples RankMe and α-ReQ need',
        subtitle: 'Points: mean of eight layers, with the smallest and the largest',
        caption:
          'Standard protocol (normal weights and inputs, batch normalization, scale 1, shift 0, one pixel), pointwise, 64 ' +
          'inputs, 128 outputs; seed 8.',
      }),
  },
  {
    figure: 'softmax/softmax',
    shows:
      'Rank of the log-probabilities of a softmax and of a mixture of two, by the dimension of the hidden state.',
    command: 'npx tsx experiments/softmax.ts',
    draw: async (folder) =>
      comparisonFigure(softmaxPanels, await readTable(`${folder}/softmax.csv`), {
        title: 'The softmax bottleneck',
        subtitle:
          'Line: the bound. Points: mean of five draws, with the smallest and the largest possible rank',
        caption: 'Normal states and words, W h / √d; float64; ranks at 10⁻⁸ σ₁.',
      }),
  },
  {
    figure: 'theory/theory',
    shows:
      'Four predictions and measurements of random layers: three rank bounds, and the shares of channels that never fire or are never clipped.',
    command: 'npx tsx experiments/theory.ts',
    draw: async (folder) => {
      const { layers, seed } = JSON.parse(await readFile(`${folder}/theory.json`, 'utf8')) as Measured;
      return comparisonFigure(theoryPanels, await readTable(`${folder}/theory.csv`), {
        caption: `Mean of ${layers} layers per point; seed ${seed}. The derivations are in docs/theory.md.`,
      });
    },
  },
];
