import { sampleConfigurations } from '../../src/designs/sample-configurations.js';
import { createStream, type Stream } from '../../src/random/stream.js';
import { channelLine } from '../../src/search/channel-line.js';
import type { SearchRow } from '../../src/search/search-row.js';
import { normals } from '../statistics/normals.js';

/** The truth of a simulated search, in percent points of accuracy. */
export interface Truth {
  /** Points from evenness 0 to 1. */
  readonly slope: number;
  /** Deviation of designs beside it, and of seeds. */
  readonly designs: number;
  readonly seeds: number;
  /** Deviation of what a seed does to all designs alike. @default 0 */
  readonly common?: number;
}

export const sample = sampleConfigurations({ count: 60, blocks: 5, params: 2e5, macs: 3e7, within: 0.05 });

/** Returns the rows of a search whose truth is known: one seed per design, `repeated` designs with three. */
export function simulatedRows(truth: Truth, label: string, repeated = 20): SearchRow[] {
  const stream: Stream = createStream(0, `simulated search/${label}`);
  const next = normals(stream);
  const common = truth.common === undefined ? [0, 0, 0] : [0, 1, 2].map(() => truth.common! * next());
  return sample.flatMap(({ channels, params, macs, evenness }, design) => {
    const { a, b } = channelLine(channels);
    const own = truth.slope * (evenness - 0.5) + truth.designs * next();
    return Array.from({ length: design < repeated ? 3 : 1 }, (_, seed): SearchRow => {
      const noise = truth.seeds * next() + common[seed]!;
      const points = 60 + own + noise;
      return {
        ...{
          design,
          channels: channels.join('-'),
          name: 'simulated',
          seed,
          group: null,
          params,
          macs,
          evenness,
        },
        ...{ lastWidth: channels.at(-1)!, slopeA: a, offsetB: b, epochs: 10 },
        ...{ testAccuracy: points / 100, testLoss: 2 - points / 100, trainLoss: 1 },
        ...{ trainLossSum: 15 - own, earlyLossSum: 9 + next(), seconds: 1, imagesPerSecond: 1 },
        ...{ gradientNorm: 1 + next(), naswot: 700 + own + noise },
        ...{ stemRankBefore: 1, outputRankBefore: 1, headRankBefore: 1 },
        ...{ stemRankAfter: 1, outputRankAfter: 1, headRankAfter: 1 },
        ...{ stemEffectiveBefore: next(), outputEffectiveBefore: own, headEffectiveBefore: null },
        ...{ stemEffectiveAfter: next(), outputEffectiveAfter: next(), headEffectiveAfter: null },
        ranks: [],
      };
    });
  });
}
