import type { Command } from './command.js';

/** The commands in the order of help. */
export const commands: readonly Command[] = [
  {
    name: 'curve',
    describe: 'Draw rank ratio against dimension ratio for random layers',
    load: async () => (await import('./commands/study-commands.js')).curve,
  },
  {
    name: 'spectrum',
    describe: 'Draw the singular-value spectra of random layers',
    load: async () => (await import('./commands/study-commands.js')).spectrum,
  },
  {
    name: 'phase',
    operand: 'activations..',
    describe: 'Predict which of two activations has more rank, over width and tolerance',
    load: async () => (await import('./commands/phase.js')).phase,
  },
  {
    name: 'plot',
    operand: 'runs..',
    describe: 'Draw the figures of a run again, or several runs in one figure',
    load: async () => (await import('./commands/plot.js')).plot,
  },
  {
    name: 'merge',
    operand: 'runs..',
    describe: 'Join the parts of a run, measured with --shard, to one run',
    load: async () => (await import('./commands/merge.js')).merge,
  },
  {
    name: 'rank',
    operand: 'file',
    describe: 'Measure the numerical rank of a matrix in a file',
    load: async () => (await import('./commands/rank.js')).rank,
  },
  {
    name: 'model',
    operand: 'file',
    describe: 'Measure how much of its width each layer of a trained model uses',
    load: async () => (await import('./commands/model.js')).model,
  },
  {
    name: 'compare',
    operand: 'files..',
    describe: 'Compare the weights of two models, layer by layer',
    load: async () => (await import('./commands/compare.js')).compare,
  },
  {
    name: 'network',
    operand: 'networks..',
    describe: 'Print the layers of a network with their sizes and costs, or ranks',
    load: async () => (await import('./commands/networks/network.js')).network,
  },
  {
    name: 'design',
    describe: 'Find the channels of a network that meet a budget',
    load: async () => (await import('./commands/networks/design.js')).design,
  },
  {
    name: 'train',
    operand: 'network',
    describe: 'Train a network on labelled images',
    load: async () => (await import('./commands/training/train.js')).train,
  },
  {
    name: 'search',
    operand: 'study',
    describe: 'Train many designs of one budget, and analyse what accuracy depends on',
    load: async () => (await import('./commands/training/search.js')).search,
  },
  {
    name: 'latency',
    operand: 'networks..',
    describe: 'Measure the inference time of networks',
    load: async () => (await import('./commands/networks/latency.js')).latency,
  },
];
