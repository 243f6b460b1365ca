import { describe, expect, it } from 'vitest';
import { rank, spectrumAndRanksOfSum } from '../../../src/rank/rank.js';
import { centerRows } from '../../../src/spectrum/center.js';
import { GramSum } from '../../../src/spectrum/wasm/gram/gram-sum.js';
import { gaussian } from './planted.js';
import { seeded } from './random.js';

const [ROWS, COLUMNS, USED] = [48, 1000, 17];

/** Features of rank USED around means of the given size. */
function features(mean: number) {
  const left = gaussian(seeded(1), ROWS, USED, 'float64');
  const right = gaussian(seeded(2), USED, COLUMNS, 'float64');
  const data = new Float64Array(ROWS * COLUMNS);
  for (let i = 0; i < ROWS; i++)
    for (let j = 0; j < COLUMNS; j++) {
      let sum = mean * (1 + (i % 7));
      for (let k = 0; k < USED; k++) sum += left.data[i * USED + k]! * right.data[k * COLUMNS + j]!;
      data[i * COLUMNS + j] = sum;
    }
  return { data, rows: ROWS, columns: COLUMNS };
}

function summed({ data, rows, columns }: ReturnType<typeof features>): GramSum {
  const sum = new GramSum(rows, { means: true });
  const cut = 700;
  const first = data.filter((_, i) => i % columns < cut);
  sum.addColumns({ data: first, rows, columns: cut });
  const rest = new Float64Array(rows * (columns - cut));
  for (let i = 0; i < rows; i++)
    for (let j = cut; j < columns; j++) rest[(j - cut) * rows + i] = data[i * columns + j]!;
  return sum.addRows({ data: rest, rows: columns - cut, columns: rows });
}

describe('a centred Gram sum', () => {
  it.each([0, 1, 1000])(
    'has the spectrum and the certified rank of the rows less their means of %f',
    (mean) => {
      const matrix = features(mean);
      const sum = summed(matrix);
      const centred = centerRows(matrix);
      const before = sum.certifiedCount({ relative: 1e-4 });
      const { spectrum, ranks } = spectrumAndRanksOfSum(sum, ['relative:0.01', 'energy:0.99'], undefined, {
        centred: true,
      });
      const expected = spectrumAndRanksOfSum(new GramSum(ROWS).addColumns(centred), [
        'relative:0.01',
      ]).spectrum;
      for (let i = 0; i < USED; i++) expect(spectrum[i]! / expected[i]!).toBeCloseTo(1, 8);
      expect(ranks[0]).toMatchObject({ rank: USED, certified: true });
      expect(ranks[1]).toMatchObject({ certified: true });
      expect(ranks[1]!.rank).toBe(rank(centred, { tolerance: 'energy:0.99' }).rank);
      // what is not centred is as it was
      expect(sum.certifiedCount({ relative: 1e-4 })).toEqual(before);
    },
  );

  it('says that it does not know where the mean outweighs what is left', () => {
    const sum = summed(features(1e9));
    const count = sum.certifiedCount({ relative: 1e-3 }, { centred: true });
    expect(count.certified).toBe(false);
    expect(count.lower).toBeLessThanOrEqual(USED);
    expect(count.upper).toBeGreaterThanOrEqual(USED);
  });

  it('gives the sums of the rows, and the entries of the Gram matrix', () => {
    const matrix = features(3);
    const sum = summed(matrix);
    const at = (i: number, j: number) => matrix.data[i * COLUMNS + j]!;
    const columns = Array.from({ length: COLUMNS }, (_, j) => j);
    const total = (term: (j: number) => number) => columns.reduce((all, j) => all + term(j), 0);
    expect(sum.sums[5]! / total((j) => at(5, j))).toBeCloseTo(1, 12);
    const entries = sum.entries();
    expect(entries[5 * ROWS + 9]! / total((j) => at(5, j) * at(9, j))).toBeCloseTo(1, 12);
    expect(entries[9 * ROWS + 5]).toBe(entries[5 * ROWS + 9]);
  });

  it('needs the sums', () => {
    expect(() => new GramSum(3).singularValues({ centred: true })).toThrow('means: true');
    expect(() => new GramSum(3, { mean: true } as object)).toThrow('unknown option: mean');
  });
});
