import { describe, expect, it } from 'vitest';
import { searchReport } from '../../../src/cli/text/training/search-report.js';
import { analyseSearch } from '../../../src/search/analyse-search.js';
import { simulatedRows } from '../../search/simulate.js';

const rows = simulatedRows({ slope: 3, designs: 0.3, seeds: 0.4 }, 'report');
const oneBudget = rows.map((row) => ({ ...row, params: 2e5, macs: 3e7 }));
const fresh = rows
  .filter(({ design }) => design < 20)
  .map((row) => ({ ...row, group: row.design < 10 ? 'best' : 'worst' }));

describe('searchReport', () => {
  it('says what is supported and what is not decided, in 80 columns', () => {
    const text = searchReport(analyseSearch(oneBudget, { samples: 40, fresh }));
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const line of text.split('\n')) expect(line).not.toMatch(/NaN|undefined|null|Infinity/);
    expect(text).toMatch(/^100 networks of 60 designs; costs differ by \d+\.\d\d%\.\n/);
    expect(text).toContain('Accuracy rises with the evenness of the channels: supported.\n');
    expect(text).toContain('Test loss falls with it: supported.\n');
    expect(text).toMatch(/Best designs stay better than worst with fresh seeds: [a-z ]+\.\n/);
    expect(text).toMatch(/test accuracy, points +0\.\d\d +0\.\d\d +0\.\d\d +0\.\d\d to 0\.\d\d +0\.000\n/);
    expect(text).toMatch(/\nevenness \(0 to 1\) +\+\d\.\d{3} +\+.* to \+.* +\+0\.\d\d +more\n/);
    expect(text).toMatch(/\nNASWOT +\+1\.00 .* more\n/);
    // the simulated truth is the rank of the outputs before training
    const ranks = 'supported for effective rank, outputs, before (more is better)';
    expect(text.replaceAll('\n', ' ')).toContain(`A rank predicts accuracy: ${ranks}`);
    expect(text).not.toContain('Pareto');
  });

  it('asks nothing of shape and rank where budgets differ, and has a front', () => {
    const budgets = rows.map((row) => ({ ...row, macs: row.macs * (1 + (row.design % 2)) }));
    const text = searchReport(analyseSearch(budgets, { samples: 40, fresh }));
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text.match(/: not asked\./g)?.length).toBe(4);
    expect(text).toContain('Costs differ by more than 5%');
    expect(text).toContain(
      '\nbefore, after: training. outputs: mean of the blocks. tau: Kendall; r: Pearson.\n',
    );
    expect(text).toMatch(/Pareto front: design +million MACs +accuracy\n/);
  });

  it('says that nothing is known of noise without repeats', () => {
    const text = searchReport(
      analyseSearch(
        rows.filter(({ seed }) => seed === 0),
        { samples: 40 },
      ),
    );
    expect(text).toContain('No design has two seeds');
    expect(text).toContain('Best designs stay better than worst with fresh seeds: not asked.\n');
    expect(text).not.toContain('Pareto');
  });

  it('warns of successive halving', () => {
    const halved = oneBudget.map((row) => ({ ...row, epochs: row.design < 30 ? 5 : 10 }));
    // of a search that was cut short, all rows may have the epochs of the first rung
    for (const analysis of [
      analyseSearch(halved, { samples: 40, fresh }),
      analyseSearch(oneBudget, { samples: 40, fresh, halved: true }),
    ]) {
      const text = searchReport(analysis);
      expect(text).toContain('comparison below is not fair');
      expect(text).toContain('Accuracy rises with the evenness of the channels: not asked.\n');
      expect(text).toContain('A rank predicts accuracy: not asked.\n');
      expect(text).not.toContain('fresh seeds: not asked.');
    }
  });
});
