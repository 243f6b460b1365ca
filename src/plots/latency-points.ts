import type { Latency } from '../models/measure-latency.js';
import { networkCosts } from '../networks/network-costs.js';
import { publishedNetwork } from '../published/published-network.js';

/** A network whose accuracy is published, with what it costs. */
export interface LatencyPoint {
  /** As printed: `ReXNet x0.9`. */
  readonly label: string;
  /** ImageNet accuracy in percent, as published. */
  readonly top1: number;
  /** Multiply-accumulates for one image, counted. */
  readonly macs: number;
  /** Measured, in milliseconds for a batch. */
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  /** Images a run. */
  readonly batch: number;
  /** How often the network was timed. */
  readonly runs: number;
  /** The tensor backend it ran on. */
  readonly backend: string;
}

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
