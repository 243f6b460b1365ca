import { channelsFigure, type Figure } from 'rankscope/figures';
import { channelGroup, channelsOf, networkNamed } from 'rankscope/networks';
import { table1Networks, table3Searches } from 'rankscope/paper';

/** Returns the lines of experiments/table-1.ts: the ten networks of the paper's Table 1, and ReXNet x1.0. */
export function table1Lines() {
  return [
    ...table1Networks().map(({ network, channels }) => ({ label: network, channels })),
    { label: 'ReXNet x1.0', channels: channelsOf(networkNamed('rexnet-1.0')), emphasised: true },
  ];
}

export function table1Figure(): Figure {
  const lines = table1Lines();
  return channelsFigure(
    [
      { title: 'By block', x: 'block', lines },
      { title: 'By relative depth', x: 'relative-depth', lines },
    ],
    {
      title: 'Channel dimensions of ten lightweight networks, and of ReXNet',
      subtitle: 'Output channels of each block; networks with the same channels share a line',
      caption: 'Configurations: Table 1 of Han et al., CVPR 2021. ReXNet x1.0: the authors’ code.',
    },
  );
}

/** A configuration of the same cost as the best one of a search, as experiments/table-3.ts samples them. */
export interface Table3Sample {
  readonly constraint: string;
  /** `34-34-45-55-66` */
  readonly channels: string;
  readonly params: number;
  readonly macs: number;
  readonly evenness: number;
}

export function table3Figure(samples: readonly Table3Sample[]): Figure {
  const panels = table3Searches().map(({ constraint, blocks, paramsMillions, macsMillions, best, worst }) => {
    const own = samples.filter((sample) => sample.constraint === constraint);
    const group = channelGroup(
      `${own.length} samples`,
      own.map(({ channels }) => channels.split('-').map(Number)),
    );
    return {
      title: `(${constraint}) ${blocks} blocks, ${paramsMillions}M parameters, ${macsMillions}M MACs`,
      lines: [
        { ...group, background: true },
        { label: `best, ${best.top1}%`, channels: best.channels, look: 'best' },
        { label: `worst, ${worst.top1}%`, channels: worst.channels, look: 'worst' },
      ],
    };
  });
  return channelsFigure(panels, {
    title: 'The best and the worst channel configurations found on CIFAR-100',
    subtitle:
      'Output channels of each block, with the published top-1 accuracy. Grey: other configurations of the best ' +
      'one’s cost, spread from stage-wise to linear; mean and one standard deviation',
    caption:
      'Best and worst, their accuracies and the budgets: as published, Table 3 of Han et al., CVPR 2021. ' +
      'The samples are our own and were not trained.',
  });
}
