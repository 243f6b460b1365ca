import type { Latency } from '../models/measure-latency.js';
import type { LatencyPoint } from '../plots/figures/latency.js';
import type { NetworkTimes } from '../runs/latency-run.js';
import { networkCosts } from '../networks/network-costs.js';
import { publishedNetwork } from '../published/published-network.js';

/** Returns the points of the networks that have a published accuracy; see {@link publishedNetwork}. */
export function latencyPoints(latencies: readonly Latency[], backend: string): LatencyPoint[] {
  return latencies.flatMap(({ network, batch, samples, lowerQuartile, median, upperQuartile }) => {
    const published = publishedNetwork(network);
    if (!published) return [];
    const { label, top1 } = published;
    const { macs } = networkCosts(network);
    return [
      {
        ...{ label, top1, macs, median, lowerQuartile, upperQuartile },
        ...{ batch, runs: samples.length, backend },
      },
    ];
  });
}

/** Returns the same points of a saved run. */
export function keptLatencyPoints(networks: readonly NetworkTimes[], backend: string): LatencyPoint[] {
  return networks.flatMap(({ published, batch, macs, samples, lowerQuartile, median, upperQuartile }) =>
    !published
      ? []
      : [
          {
            ...{ label: published.label, top1: published.top1, macs, median, lowerQuartile, upperQuartile },
            ...{ batch, runs: samples.length, backend },
          },
        ],
  );
}
