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
    ['a header with the name of sodium', 'Na,Mg\n1,-2.5\n3e-3,4\n'],
    ['a header with an empty cell', 'a,\n1,-2.5\n3e-3,4\n'],
    ['a header with numbers in its names', 'x1,"b 2"\n1,-2.5\n3e-3,4\n'],
    ['a title over lines of another kind', 'my matrix\n1,-2.5\n3e-3,4\n'],
    ['the mark of Excel', 'sep=;\r\n1;-2.5\r\n3e-3;4\r\n'],
    ['tabs with blanks', '1 \t -2.5\n3e-3\t 4 \n'],
    ['quoted numbers between blanks', '"1"  "-2.5"\n"3e-3" "4"\n'],
    [
      'the text format of Octave',
      '# name: A\n# type: matrix\n# rows: 2\n# columns: 2\n 1 -2.5\n 3e-3 4\n\n\n',
    ],
    ['comments', '# a,b\n1,-2.5\n# between\n3e-3,4\n'],
    ['quoted names with line ends', '"a\n\n# b","c\r\nd"\n1,-2.5\n3e-3,4\n'],
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
      rowNames: 0,
      rounded: false,
      countsRows: false,
      countsColumns: false,
    });
    expect(parseDelimited('1,9007199254740993')).toMatchObject({ rounded: true });
    for (const exact of ['9007199254740994', '1e300', '0.1', '-9007199254740991', '9007199254740993.0'])
      expect(parseDelimited(exact)).toMatchObject({ rounded: false });
    expect(parseDelimited('# of three\nchannel\n1\n2')).toMatchObject({ rows: 2, columns: 1, header: 2 });
  });

  it.each([
    ['pandas to_csv', ',a,b\n0,1,-2.5\n1,3e-3,4\n'],
    ['pandas to_csv without column names', ',0,1\n0,1,-2.5\n1,3e-3,4\n'],
    ['pandas to_csv of chosen rows', ',0,1\n17,1,-2.5\n4,3e-3,4\n'],
    ['pandas to_csv with names and number columns', ',2020,2021\nr,1,-2.5\ns,3e-3,4\n'],
    ['pandas to_csv with a tab', '\ta\tb\n0\t1\t-2.5\n1\t3e-3\t4\n'],
    ['pandas to_string', '       a    b\n0  1.000 -2.5\n1  0.003  4.0\n'],
    ['pandas to_string without column names', '       0    1\n0  1.000 -2.5\n1  0.003  4.0\n'],
    ["R's write.csv", '"","V1","V2"\r\n"1",1,-2.5\r\n"2",3e-3,4\r\n'],
    ["R's write.csv with names", '"","V1","V2"\n"row, 1","1","-2.5"\n"row ""2"" b","3e-3","4"\n'],
    ['pandas to_csv with a line end in a row name', ',a,b\n"r\n1",1,-2.5\ns,3e-3,4\n'],
    ["R's write.csv2 of numbers without decimals", '"";"V1";"V2"\n"1";1;-2.5\n"2";3e-3;4\n'],
    ["R's write.table", '"V1" "V2"\n"1" 1 -2.5\n"2" 3e-3 4\n'],
    ["R's write.table with blanks in names", '"my V1" "V2"\n"row 1" 1 -2.5\n"row 2" 3e-3 4\n'],
    ["R's write.table with col.names = NA", '"" "V1" "V2"\n"1" 1 -2.5\n"2" 3e-3 4\n'],
    ["R's write.table with commas", '"V1","V2"\n"1",1,-2.5\n"2",3e-3,4\n'],
    ["R's write.table with numbers as column names", '"1" "2"\n"1" 1 -2.5\n"2" 3e-3 4\n'],
    ['a byte-order mark and a comment', '\ufeff# two\n,a,b\n0,1,-2.5\n1,3e-3,4'],
  ])('leaves out the row names of %s', (_, text) => {
    expect(parseDelimited(text)).toMatchObject({ ...expected, rowNames: 1, countsRows: false });
    expect(parseDelimited(text).header).toBe(text.startsWith('\ufeff') ? 2 : 1);
  });

  it('leaves out one row, one column, and several levels of row names', () => {
    expect(parseDelimited(',a\n0,5\n')).toMatchObject({ data: Float64Array.of(5), rowNames: 1 });
    expect(parseDelimited('"x"\n"1",0.5\n"2",0.7\n')).toMatchObject({ columns: 1, rowNames: 1 });
    expect(parseDelimited(',,a,b\n0,x,1,-2.5\n0,y,3e-3,4\n')).toMatchObject({ ...expected, rowNames: 2 });
    const twice = ',Unnamed: 0,a,b\n0,0,1,-2.5\n1,1,3e-3,4\n';
    expect(parseDelimited(twice)).toMatchObject({ ...expected, rowNames: 2 });
    expect(parseDelimited(twice.replaceAll(/^[^,]*,/gm, ''))).toMatchObject({ ...expected, rowNames: 1 });
    // columns of numbers without a name, as pandas reads them from a sheet
    const sheet = ',Unnamed: 0,Unnamed: 1\n0,1,-2.5\n1,3e-3,4\n';
    expect(parseDelimited(sheet)).toMatchObject({ ...expected, rowNames: 1 });
  });

  it.each([
    ['an index with a name', 'id,a,b\n0,1,2\n1,3,4\n2,5,7\n', true],
    ['no header', '1,1,2\n2,3,4\n3,5,7\n', true],
    ['no header, chance', '1,1,2\n2,3,4\n4,5,7\n', false],
    ['one column', '0\n1\n2\n', false],
  ])('guesses no row names without an unnamed header cell: %s', (_, text, countsRows) => {
    expect(parseDelimited(text)).toMatchObject({ rows: 3, rowNames: 0, countsRows });
  });

  it.each([
    ['numbers as pandas writes without names', '0,1,2\n3.5,4,5\n', true],
    ['numbers from 1', '1,2,3\n3.5,4,5\n', true],
    ['chance', '0,1,3\n3.5,4,5\n', false],
    ['two columns', '0,1\n3.5,4\n', false],
    ['a header above', 'a,b,c\n0,1,2\n3.5,4,5\n', false],
  ])('keeps a first row of numbers, and tells whether it counts: %s', (_, text, countsColumns) => {
    expect(parseDelimited(text)).toMatchObject({ rows: 2, countsColumns });
  });

  it.each([
    ['1,2\n3\n', /^invalid number of cells in line 2: 1 \(allowed: 2, as in line 1\)$/],
    ['a,b\n1,2\n3,4,5\n', /^invalid number of cells in line 3: 3 \(allowed: 2, as in line 2\)$/],
    ['"a\nb",c\n1,2\n3\n', /^invalid number of cells in line 4: 1 \(allowed: 2, as in line 3\)$/],
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
    ['<NA>,<NA>\n3,4\n', /^invalid cell in line 1, column 1: <NA> /],
    ['1,2\n#N/A,#N/A\n3,4\n', /^invalid cell in line 2, column 1: #N\/A /],
    ['#N/A,#N/A\n1,2\n3,4\n', /^invalid cell in line 1, column 1: #N\/A /],
    ['1;2\n3;4\n#DIV/0!;5\n', /^invalid cell in line 3, column 1: #DIV\/0! /],
    ['1d3,2d3\n3,4\n', /^invalid cell in line 1, column 1: 1d3 /],
    ['1_000,2_000\n3,4\n', /^invalid cell in line 1, column 1: 1_000 /],
    ['"1,5","2,5"\n"1","2"\n', /^invalid cell in line 1, column 1: 1,5 /],
    ['a,b,c\n1,2\n', /^invalid number of cells in line 2: 2 \(allowed: 3, as in the header, line 1\)$/],
    ['a\n1,2,3\n', /^invalid number of cells in line 2: 3 /],
    [
      'a title\n1,2,3\n4,5,6\n',
      /^invalid number of cells in line 2: 3 \(allowed: 2, as in the header, line 1/,
    ],
    ['sep=,\n1,2,3\n4,5\n', /^invalid number of cells in line 3: 2 /],
    ['1,2,\n3,4,\n', /^invalid cell in line 1, column 3: '' /],
    ['id,a\nr,1\n', /line 2, column 1: r \(.*; a column of row names has no name in the header\)$/],
    ['a;b\n"1,5";2,5\n', /line 2, column 1: 1,5 \(.*; decimals have a point, and thousands no mark\)$/],
    ['a\tb\n1\t2,5\n', /line 2, column 2: 2,5 \(.*decimals have a point/],
    ['1,5 2,5\n3,5 4,5\n', /line 1, column 2: 5 2 /],
    ['"1,234","5"\n', /line 1, column 1: 1,234 .*thousands/],
    ['a,b\n1+2j,3\n', /line 2, column 1: 1\+2j /],
    ['(1+2j),(3-1j)\n', /line 1, column 1: \(1\+2j\) /],
    ['[[1. 2.]\n [3. 4.]]\n', /line 1, column 1: \[\[1\. /],
    ['\u22121,\u22122\n3,4\n', /line 1, column 1: \u22121 /],
    ['-,-\n3,4\n', /line 1, column 1: - /],
    ['.,.\n3,4\n', /line 1, column 1: \. /],
    [',a,a\n,x,y\n0,1,2\n', /^invalid row name in line 2: '' \(allowed: a name; a header has one line\)$/],
    [',a,a\n,0,1\n0,1,2\n', /^invalid row name in line 2: '' /],
    ['m,s\nx,y\n1,2\n', /line 2, column 1: x /],
    [',1.5,2\n3,4,5\n', /line 1, column 1: '' /],
    [',,\n3,4,5\n', /line 1, column 1: '' /],
    [',a,b\n0,1,\n', /line 2, column 3: '' /],
    [',a,b\n0,1,NaN\n', /line 2, column 3: NaN /],
    [',a,b\n0,1,2,3\n', /^invalid number of cells in line 2: 4 \(allowed: 3, as in the header, line 1\)$/],
    [',a\n', /^missing numbers: 1 line /],
    ['"V1"\n"1" 1 2\n', /^invalid number of cells in line 2: 3 /],
    ['a,b\n"1,2\n3,4\n', /line 2/],
    ['%%MatrixMarket matrix array\n3 3\n1 1\n', /^invalid number of cells in line 2: 2 /],
    ['2\u00d72 Matrix{Float64}:\n 1.0  2.0\n', /line 1, column 1: 2\u00d72 /],
  ])('refuses %j with the place', (text, message) => {
    expect(() => parseDelimited(text)).toThrow(message);
  });
});
