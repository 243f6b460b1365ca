import { describe, expect, it } from 'vitest';
import { parseCsv, toCsv } from '../../src/files/csv.js';

const rows = [
  { someName: 'a,b', other: null },
  { someName: 'say "x"', other: 0.1 },
];

describe('toCsv', () => {
  it('quotes what needs it and leaves null empty', () => {
    expect(toCsv(rows)).toBe('some_name,other\n"a,b",\n"say ""x""",0.1\n');
    expect(toCsv([{ text: 'a\nb' }])).toBe('text\n"a\nb"\n');
  });

  it('has its head without rows, and the columns that are asked for', () => {
    expect(toCsv([], ['ci95Low'])).toBe('ci95_low\n');
    expect(toCsv(rows, ['other'])).toBe('other\n\n0.1\n');
  });
});

describe('parseCsv', () => {
  it('reads back what toCsv wrote', () => {
    expect(parseCsv(toCsv(rows))).toEqual([
      ['some_name', 'other'],
      ['a,b', ''],
      ['say "x"', '0.1'],
    ]);
    const odd = [
      { name: 'a\n"b",\r\nc', next: 'd' },
      { name: '', next: '"' },
    ];
    expect(parseCsv(toCsv(odd)).slice(1)).toEqual(odd.map(({ name, next }) => [name, next]));
    expect(parseCsv('a,b\r\n"1",2\r\n')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });
});
