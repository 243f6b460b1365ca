import { describe, expect, it } from 'vitest';

import { parseDelimited } from '../../src/files/delimited.js';

const expected = { data: Float64Array.of(1, -2.5, 3e-3, 4), rows: 2, columns: 2 };

describe('parseDelimited', () => {
  it.each([
    ['commas', '1,-2.5\n3e-3,4\n'],
    ['semicolons', '1;-2.5\n3e-3;4'],
    ['tabs', '1\t-2.5\n3e-3\t4\n'],
    ['blanks, as numpy.savetxt writes', '1.000e+00 -2.500e+00\n3.000e-03 4.000e+00\n'],
    ['several blanks', '  1  -2.5\n.003   4. \n'],
    ['Windows line ends', '1,-2.5\r\n3e-3,4\r\n'],
    ['old Macintosh line ends', '1,-2.5\r3e-3,4'],
    ['blanks around', ' 1 , -2.5 \n3e-3 ,+4'],
    ['quoted numbers', '"1","-2.5"\n"3e-3",4\n'],
    ['a header', 'a,b\n1,-2.5\n3e-3,4\n'],
    ['a quoted header with delimiters inside', '"a,1","b ""c"""\n1,-2.5\n3e-3,4\n'],
    ['a header with an empty cell', ',b\n1,-2.5\n3e-3,4\n'],
    ['a header that is one cell short, as R writes', 'a\n1,-2.5\n3e-3,4\n'],
    ['comments', '# a,b\n1,-2.5\n# between\n3e-3,4\n'],
    ['empty lines at both ends', '\n\n1,-2.5\n3e-3,4\n\n  \n\t\n'],
    ['a byte-order mark', '\ufeff1,-2.5\n3e-3,4\n'],
  ])('reads %s', (_, text) => {
    expect(parseDelimited(text)).toMatchObject(expected);
  });

  it('reads one row, one column, one number', () => {
    expect(parseDelimited('1,2,3')).toMatchObject({ rows: 1, columns: 3 });
    expect(parseDelimited('1\n2\n3\n')).toMatchObject({ rows: 3, columns: 1 });
    expect(parseDelimited('7')).toEqual({
      data: Float64Array.of(7),
      rows: 1,
      columns: 1,
      header: null,
      rounded: false,
    });
    expect(parseDelimited('1,9007199254740993')).toMatchObject({ rounded: true });
    for (const exact of ['9007199254740994', '1e300', '0.1', '-9007199254740991', '9007199254740993.0'])
      expect(parseDelimited(exact)).toMatchObject({ rounded: false });
    expect(parseDelimited('# of three\nchannel\n1\n2')).toMatchObject({ rows: 2, columns: 1, header: 2 });
  });

  it.each([
    ['1,2\n3\n', /^invalid number of cells in line 2: 1 \(allowed: 2, as in line 1\)$/],
    ['a,b\n1,2\n3,4,5\n', /^invalid number of cells in line 3: 3 \(allowed: 2, as in line 2\)$/],
    ['1,2\n\n3,4\n', /^invalid number of cells in line 2: 0 /],
    ['1,2\n3,x\n', /^invalid cell in line 2, column 2: x /],
    ['1,two\n3,4\n', /^invalid cell in line 1, column 2: two /],
    ['1,\n3,4\n', /^invalid cell in line 1, column 2: '' /],
    ['1,2\n3,0x10\n', /column 2: 0x10 /],
    ['1;2\n3,5;4\n', /^invalid cell in line 2, column 1: 3,5 /],
    ['1,2\nnan,4\n', /^invalid cell in line 2, column 1: nan .*finite/],
    ['1,-Infinity\n3,4\n', /^invalid cell in line 1, column 2: -Infinity /],
    ['nan,inf\n3,4\n', /^invalid cell in line 1, column 1: nan /],
    ['1,2\n3,1e999\n', /^invalid cell in line 2, column 2: 1e999 /],
    [`1,${'y'.repeat(100)}`, /column 2: y{40}\.\.\. /],
    ['1\t2\n3\t\n', /^invalid cell in line 2, column 2: '' /],
    ['', /^missing numbers/],
    ['\n\n', /^missing numbers/],
    ['a,b\n', /^missing numbers: 1 line /],
    ['NA,NA\n3,4\n', /^invalid cell in line 1, column 1: NA /],
    ['1d3,2d3\n3,4\n', /^invalid cell in line 1, column 1: 1d3 /],
    ['1_000,2_000\n3,4\n', /^invalid cell in line 1, column 1: 1_000 /],
    ['"1,5","2,5"\n"1","2"\n', /^invalid cell in line 1, column 1: 1,5 /],
    ['a,b,c\n1,2\n', /^invalid number of cells in line 2: 2 \(allowed: 3, as in the header, line 1\)$/],
    ['a\n1,2,3\n', /^invalid number of cells in line 2: 3 /],
  ])('refuses %j with the place', (text, message) => {
    expect(() => parseDelimited(text)).toThrow(message);
  });
});
