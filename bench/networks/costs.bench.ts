// Counting parameters and MACs of sixteen-block networks, without tensors: networks a second, one thread.
//
//   npx tsx bench/networks/costs.bench.ts [--seconds 2]
//
// Each network counted has channels of its own, so that nothing is counted twice; what it takes to make the
// description is measured apart.
import { parseArgs } from 'node:util';
import { networkCosts } from '../../src/networks/network-costs.js';
import type { Network } from '../../src/networks/network.js';
import { rexNet } from '../../src/networks/rexnet.js';
import { roundToMultiple } from '../../src/networks/rounding.js';

const { values: flags } = parseArgs({ options: { seconds: { type: 'string', default: '2' } } });
const rounds = 7;

main();

function main(): void {
  const base = rexNet();
  const networks = Array.from({ length: 1000 }, (_, i) => widened(base, i));
  const plain = networks.map((network) => ({
    ...network,
    blocks: network.blocks.map((block) => ({ ...block, squeezeExcitation: null })),
  }));
  const expected = networkCosts(base);
  if (expected.params !== 4_796_873 || expected.macs !== 398_370_392) throw new Error('counted wrongly');
  report('count, squeeze-excitation in 13 blocks', networks, (network) => networkCosts(network).macs);
  report('count, no squeeze-excitation', plain, (network) => networkCosts(network).macs);
  let width = 0.5;
  report(
    'describe (rexNet of a new width) and count',
    networks,
    () => networkCosts(rexNet({ width: (width += 1e-7) })).macs,
  );
}

/** Prints the median and the spread of several rounds. */
function report(name: string, networks: readonly Network[], count: (network: Network) => number): void {
  const rates: number[] = [];
  let sum = 0;
  for (let round = -1; round < rounds; round++) {
    const end = performance.now() + (Number(flags.seconds) * 1000) / rounds;
    const start = performance.now();
    let counted = 0;
    while (performance.now() < end) {
      for (const network of networks) sum += count(network);
      counted += networks.length;
    }
    // the first round is the warm-up
    if (round >= 0) rates.push((counted / (performance.now() - start)) * 1000);
  }
  if (!(sum > 0)) throw new Error('nothing was counted');
  rates.sort((a, b) => a - b);
  const thousands = (rate: number) => `${(rate / 1000).toFixed(0)},000`;
  const [low, median, high] = [rates[0]!, rates[rates.length >> 1]!, rates.at(-1)!];
  console.log(`${name.padEnd(44)}${thousands(median)} a second (${thousands(low)} to ${thousands(high)})`);
}

function widened(network: Network, i: number): Network {
  return {
    ...network,
    blocks: network.blocks.map((block) => ({ ...block, channels: roundToMultiple(block.channels + i, 1) })),
  };
}
