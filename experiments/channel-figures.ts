import {
  channelsFigure,
  channelsOf,
  networkNamed,
  table1Networks,
  table3Searches,
  type Figure,
} from 'rankscope';

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

export function table3Figure(): Figure {
  const panels = table3Searches().map(
    ({ constraint, blocks, paramsMillions, macsMillions, best, worst }) => ({
      title: `(${constraint}) ${blocks} blocks, ${paramsMillions}M parameters, ${macsMillions}M MACs`,
      lines: [
        { label: `best, ${best.top1}%`, channels: best.channels },
        { label: `worst, ${worst.top1}%`, channels: worst.channels },
      ],
    }),
  );
  return channelsFigure(panels, {
    title: 'The best and the worst channel configurations found on CIFAR-100',
    subtitle: 'Output channels of each block, with the published top-1 accuracy',
    caption: 'Configurations and accuracies as published: Table 3 of Han et al., CVPR 2021.',
  });
}
