import { describe, expect, it } from 'vitest';
import {
  analyseSearch,
  type Banded,
  type ProxyTau,
  type SearchAnalysis,
} from '../../src/search/analyse-search.js';
import { freshGap, searchAgain } from '../../src/search/fresh-gap.js';
import { resolveSearchStudy, searchTasks, type SearchSpec } from '../../src/search/search-spec.js';
import { sample, simulatedRows, type Truth } from './simulate.js';

const analysed = (truth: Truth, runs: number, name: string) =>
  Array.from({ length: runs }, (_, run) =>
    analyseSearch(simulatedRows(truth, `${name}/${run}`), { samples: 40 }),
  );
const slopeIn = ({ slopes }: SearchAnalysis) =>
  slopes.find(({ shape, outcome }) => shape === 'evenness' && outcome === 'testAccuracy')!;
const shareOf = <T>(all: readonly T[], holds: (one: T) => boolean) => all.filter(holds).length / all.length;

describe('simulated searches', () => {
  const truth = { slope: 3, designs: 0.4, seeds: 0.6 };
  const some = analysed(truth, 150, 'slope');

  it('have intervals that cover the slope', () => {
    const covered = shareOf(some, (one) => {
      const [low, high] = slopeIn(one).interval;
      return low <= 0.03 && 0.03 <= high;
    });
    expect(covered).toBeGreaterThan(0.915);
    expect(covered).toBeLessThan(0.985);
    const loss = some.map(({ slopes }) => slopes.find(({ outcome }) => outcome === 'testLoss')!);
    expect(shareOf(loss, ({ shape, verdict }) => shape === 'evenness' && verdict === 'less')).toBe(1);
  });

  it('find a large slope, and none where there is none in 19 of 20', () => {
    expect(shareOf(some, (one) => slopeIn(one).verdict === 'more')).toBe(1);
    const none = analysed({ ...truth, slope: 0 }, 150, 'none');
    expect(shareOf(none, (one) => slopeIn(one).verdict === 'not decided')).toBeGreaterThan(0.91);
  });

  it('have bands of tenths that cover the mean of all searches', () => {
    const covered = (bandsOf: (one: SearchAnalysis) => readonly Banded[]) => {
      const bands = some.map(bandsOf);
      return bands[0]!.map((_, i) => {
        const truth = bands.reduce((sum, own) => sum + own[i]!.mean, 0) / bands.length;
        return shareOf(bands, (own) => own[i]!.interval[0] <= truth && truth <= own[i]!.interval[1]);
      });
    };
    const channels = covered(({ deciles }) => deciles.flatMap((one) => one.channels!));
    expect(Math.min(...channels)).toBeGreaterThan(0.88);
    // the ends of a resampled search lie inside those of the search
    const accuracy = covered(({ deciles }) => deciles.map((one) => one.accuracy));
    expect(Math.min(...accuracy)).toBeGreaterThan(0.8);
  });

  it('find the correlation that they call detectable about four times in five', () => {
    // evenness has a deviation of its own, so the slope for this correlation is worked out from it
    const evenness = sample.map((one) => one.evenness);
    const mean = evenness.reduce((sum, e) => sum + e, 0) / evenness.length;
    const spread = Math.sqrt(evenness.reduce((sum, e) => sum + (e - mean) ** 2, 0) / (evenness.length - 1));
    const [r, reliability, within] = [0.45, 0.6, 1];
    const between = Math.sqrt((reliability / (1 - reliability)) * within ** 2);
    const slope = (r * between) / spread;
    const searches = analysed(
      { slope, designs: between * Math.sqrt(1 - r * r), seeds: within },
      150,
      'power',
    );
    const stated = searches.map(({ detectable }) => detectable!).sort((a, b) => a - b)[75]!;
    expect(Math.abs(stated - 0.46)).toBeLessThan(0.04);
    expect(Math.abs(shareOf(searches, (one) => slopeIn(one).verdict === 'more') - 0.8)).toBeLessThan(0.1);
  });

  it('expect of fresh seeds about what these leave of the selected gap', () => {
    const gaps = some.map(({ gap }) => gap);
    const trueGaps = some.map((one, run) => {
      // the truth is what many seeds would give: outputEffectiveBefore is simulated as that
      const rows = simulatedRows(truth, `slope/${run}`);
      const of = (designs: readonly number[]) =>
        designs.reduce(
          (sum, id) => sum + rows.find(({ design }) => design === id)!.outputEffectiveBefore,
          0,
        ) / designs.length;
      return (of(one.deciles[0]!.designs) - of(one.deciles[2]!.designs)) / 100;
    });
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const selected = mean(gaps.map((gap) => gap.selected));
    expect(selected / mean(trueGaps)).toBeGreaterThan(1.1);
    expect(Math.abs(mean(gaps.map((gap) => gap.expected!)) / mean(trueGaps) - 1)).toBeLessThan(0.1);
    const none = analysed({ slope: 0, designs: 0, seeds: 1 }, 200, 'chance').map(({ gap }) => gap);
    const byChance = mean(none.map((gap) => gap.byChance!));
    expect(Math.abs(byChance / mean(none.map((gap) => gap.selected)) - 1)).toBeLessThan(0.05);
  });

  it('rank proxies, with a bound that the true accuracy reaches', () => {
    const taus = some.map(
      ({ proxies }) => Object.fromEntries(proxies.map((one) => [one.proxy, one])) as Record<string, ProxyTau>,
    );
    const best = taus[0]!;
    expect(Object.keys(best)).not.toContain('headEffectiveBefore');
    expect(Object.keys(best)).not.toContain('stemRankAfter');
    expect([best.naswot!.value, best.naswot!.verdict, best.trainLossSum!.verdict]).toEqual([
      1,
      'more',
      'less',
    ]);
    expect(shareOf(taus, (one) => one.earlyLossSum!.verdict === 'not decided')).toBeGreaterThan(0.95);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const reached = mean(taus.map((one) => one.outputEffectiveBefore!.value));
    expect(Math.abs(reached - mean(some.map(({ tauBound }) => tauBound!)))).toBeLessThan(0.06);
  });
});

describe('searches whose seeds move all designs alike', () => {
  const truth = { slope: 0, designs: 0.6, seeds: 0.6 };
  const moved = analysed({ ...truth, common: 2 }, 150, 'common');

  it('have the reliability that is left without that, in intervals that cover it', () => {
    const found = moved.map(({ components }) => components.testAccuracy!);
    const mean = found.reduce((sum, { reliability }) => sum + reliability, 0) / found.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.04);
    expect(shareOf(found, ({ interval: [low, high] }) => low <= 0.5 && 0.5 <= high)).toBeGreaterThan(0.91);
    const within = found.reduce((sum, one) => sum + one.within, 0) / found.length;
    expect(Math.abs(1e4 * within - 0.36)).toBeLessThan(0.03);
  });

  it('find no slope where there is none in 19 of 20', () => {
    expect(shareOf(moved, (one) => slopeIn(one).verdict === 'not decided')).toBeGreaterThan(0.91);
  });

  it('give what they would give without it', () => {
    const rows = simulatedRows(truth, 'one');
    const effect = [0.01, -0.02, 0.03];
    const same = rows.map((row) => ({ ...row, testAccuracy: row.testAccuracy + effect[row.seed]! }));
    const [one, other] = [analyseSearch(rows, { samples: 40 }), analyseSearch(same, { samples: 40 })];
    expect(other.components.testAccuracy!.within).toBeCloseTo(one.components.testAccuracy!.within, 12);
    expect(slopeIn(other).slope).toBeCloseTo(slopeIn(one).slope, 12);
    expect(other.deciles.map(({ designs }) => designs)).toEqual(one.deciles.map(({ designs }) => designs));
  });
});

describe('analyseSearch', () => {
  const rows = simulatedRows({ slope: 3, designs: 0.3, seeds: 0.3 }, 'one');

  it('has tenths of distinct designs with bands, and a front only where budgets differ', () => {
    const { deciles, front, costSpread, halved } = analyseSearch(rows);
    expect(deciles.map(({ group, designs }) => [group, designs.length])).toEqual([
      ['best', 6],
      ['middle', 6],
      ['worst', 6],
    ]);
    expect(new Set(deciles.flatMap(({ designs }) => designs)).size).toBe(18);
    for (const { accuracy, channels } of deciles)
      for (const { mean, interval } of [accuracy, ...channels!]) {
        expect(interval[0]).toBeLessThanOrEqual(mean);
        expect(interval[1]).toBeGreaterThanOrEqual(mean);
      }
    expect([costSpread < 0.11, halved]).toEqual([true, false]);
    expect(front === null).toBe(costSpread <= 0.05);
    const budgets = rows.map((row) => ({ ...row, macs: row.macs * (1 + (row.design % 3)) }));
    const points = analyseSearch(budgets).front!;
    expect(points.map(({ accuracy }) => accuracy)).toEqual(
      points.map(({ accuracy }) => accuracy).sort((a, b) => a - b),
    );
    expect(points[0]!.macs).toBe(Math.min(...budgets.map(({ macs }) => macs)));
  });

  it('says nothing of noise without repeats', () => {
    const { components, detectable, tauBound, gap, slopes } = analyseSearch(
      rows.filter(({ seed }) => seed === 0),
    );
    expect([components.testAccuracy, detectable, tauBound, gap.byChance, gap.expected]).toEqual(
      Array(5).fill(null),
    );
    expect(slopes.length).toBe(8);
  });

  it('refuses too few designs', () => {
    expect(() => analyseSearch(rows.slice(0, 6))).toThrow('missing designs: 2');
  });
});

describe('searchAgain', () => {
  const rows = simulatedRows({ slope: 3, designs: 0.3, seeds: 0.3 }, 'again');
  const study = resolveSearchStudy({ designs: sample.map(({ channels }) => [...channels]) });
  const spec: SearchSpec = {
    designs: sample.map(({ channels }, id) => ({
      ...{ id, name: 'x', channels: [...channels], definition: null, group: null },
    })),
    ...{ sample: null, seeds: [0], repeats: { designs: 20, seeds: [0, 1, 2] }, resolution: 32 },
    data: { kind: 'CIFAR-10', classes: ['a', 'b'], trainImages: 1, testImages: 1, split: 'as stored' },
    recipe: study.recipe as SearchSpec['recipe'],
    ...{ tolerance: 'relative:0.01', halving: null },
  };

  it('takes the ends with seeds that the search did not have', () => {
    const again = searchAgain(spec, rows, { ends: 6, seeds: 2 });
    const { deciles } = analyseSearch(rows);
    expect(again.designs.map(({ id }) => id)).toEqual([...deciles[0]!.designs, ...deciles[2]!.designs]);
    expect(again.designs.map(({ group }) => group)).toEqual([
      ...Array(6).fill('best'),
      ...Array(6).fill('worst'),
    ]);
    expect([again.seeds, searchTasks(again).length]).toEqual([[3, 4], 24]);
    expect(() => searchAgain(spec, rows, { ends: 31 })).toThrow('invalid ends: 31 (allowed: 2 to 30');
    const few = rows.filter(({ design }) => design < 3);
    expect(() => searchAgain(spec, few)).toThrow(
      'missing designs: 3 (two best and two worst need at least 4',
    );
  });

  it('has a gap whose interval covers none where there is none', () => {
    let covered = 0;
    for (let run = 0; run < 100; run++) {
      const fresh = simulatedRows({ slope: 0, designs: 0.5, seeds: 1 }, `fresh/${run}`).map((row) => ({
        ...row,
        group: row.design < 10 ? 'best' : row.design < 20 ? 'worst' : null,
      }));
      const { interval, verdict, designs } = freshGap(fresh.filter(({ group }) => group !== null));
      expect([designs, verdict === 'not decided']).toEqual([20, interval[0] <= 0 && interval[1] >= 0]);
      if (verdict === 'not decided') covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(88);
  });
});
