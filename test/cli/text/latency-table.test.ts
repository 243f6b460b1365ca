import { describe, expect, it } from 'vitest';
import { type LatencyRow, latencyTable } from '../../../src/cli/text/networks/latency-table.js';
import { networkNamed } from '../../../src/networks/network-named.js';
import { publishedNetwork } from '../../../src/published/published-network.js';

const row = (name: string, median: number, batch = 1): LatencyRow => ({
  ...{ name, resolution: 224, params: 1, macs: 398_370_392, elementwise: 0, batch, samples: [1, 2, 3] },
  ...{ median, lowerQuartile: 0.9 * median, upperQuartile: 1.5 * median },
  published: publishedNetwork(networkNamed(name)) ?? null,
});

describe('latencyTable', () => {
  it('is a line a network, with accuracies where they are published, and says what the numbers are', () => {
    expect(latencyTable([row('rexnet-1.0', 51.25), row('mobilenet-v2-0.75', 1234.5)], 'wasm')).toBe(
      [
        'network            pixels  top-1  MACs (M)    ms     quartiles',
        'rexnet-1.0            224   77.9       398  51.3  46.1 to 76.9',
        'mobilenet-v2-0.75     224      -       398  1235  1111 to 1852',
        '',
        'ms: median of 3 runs of one image, wasm backend, networks in turn',
        'quartiles: a quarter of the runs is faster, a quarter slower',
        'top-1: ImageNet accuracy in percent, as published in the ReXNet paper, Table 5',
        '',
      ].join('\n'),
    );
  });

  it('has the time of one image beside that of a batch', () => {
    const [heading, line] = latencyTable([row('mobilenet-v2-1.0', 0.5, 8)], 'wasm').split('\n');
    expect(heading).toMatch(/ ms +quartiles +ms\/image$/);
    expect(line).toMatch(/ 0\.50 +0\.45 to 0\.75 +0\.06$/);
  });

  it('stays within 80 columns for long names and times', () => {
    const long = `cifar:${Array.from({ length: 13 }, (_, i) => 100 + i).join('-')}`;
    const lines = latencyTable([row(long, 123456, 128)], 'tfjs-node').split('\n');
    expect(lines[1]).toMatch(/^cifar:100-101-\d*-?\.\.\. /);
    expect(Math.max(...lines.map((line) => line.length))).toBe(80);
  });
});
