import { invalid, missing } from '../errors.js';
import type { Matrix } from '../spectrum/matrix.js';

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const integer = /^[+-]?\d+$/;
const notFinite = /^[+-]?(nan|inf|infinity)$/i;

/** What stands for a number that is not there, or is written in another way: no name of a column. */
const missingOrNumberLike = /^(na|n\/a|null|none|[+-]?[.,]?\d.*)$/i;

/** A matrix from text, and the line that was left out as a header; null if there was none. */
export interface DelimitedMatrix extends Matrix {
  readonly header: number | null;
  /** Whether an integer was there that float64 cannot hold, and is rounded. */
  readonly rounded: boolean;
}

/**
 * Returns the float64 matrix in delimited text, one row a line. Cells are parted by tabs, semicolons, commas or
 * blanks: the first of these that the first row holds. Numbers are written as in `-1.5e-3` and may be quoted.
 * The first line is a header, and left out, when none of its cells is a number, begins like one, or says that one is
 * missing (`NA`); lines that begin with `#` and empty lines at the end are left out too.
 * @throws RangeError for a row of another length (line, cells found and expected; a header may have one less), a cell that is no
 * finite number (line, column and text; both counted from 1), and for text without any row.
 * @example
 * parseDelimited('a,b\n1,2\n3,4\n'); // { data: Float64Array [1, 2, 3, 4], rows: 2, columns: 2, header: 1, rounded: false }
 */
export function parseDelimited(text: string): DelimitedMatrix {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const values: number[] = [];
  let [delimiter, columns, rows, firstRow] = ['', 0, 0, 0];
  let mayBeHeader = true;
  let rounded = false;
  let header: { line: number; cells: number } | undefined;
  for (const [index, line] of lines.entries()) {
    const at = index + 1;
    if (line.startsWith('#') || (line.trim() === '' && rows === 0)) continue;
    if (rows === 0) delimiter = findDelimiter(line);
    const cells = splitLine(line, delimiter);
    if (mayBeHeader) {
      mayBeHeader = false;
      if (!cells.some((cell) => missingOrNumberLike.test(cell) || notFinite.test(cell))) {
        header = { line: at, cells: cells.length };
        continue;
      }
    }
    if (rows === 0) {
      [columns, firstRow] = [cells.length, at];
      // one more than names: R has none for the column of row names
      if (header && columns !== header.cells && columns !== header.cells + 1)
        throw invalid(
          `number of cells in line ${at}`,
          columns,
          `${header.cells}, as in the header, line ${header.line}`,
        );
    }
    const found = line.trim() === '' ? 0 : cells.length;
    if (found !== columns)
      throw invalid(`number of cells in line ${at}`, found, `${columns}, as in line ${firstRow}`);
    for (const [column, cell] of cells.entries()) {
      const value = number.test(cell) ? Number(cell) : NaN;
      if (!Number.isFinite(value)) {
        const cut = cell.length > 40 ? `${cell.slice(0, 40)}...` : cell;
        throw invalid(`cell in line ${at}, column ${column + 1}`, cut, 'a finite number such as -1.5e-3');
      }
      rounded ||=
        integer.test(cell) && !Number.isSafeInteger(value) && BigInt(cell.replace('+', '')) !== BigInt(value);
      values.push(value);
    }
    rows++;
  }
  if (rows === 0)
    throw missing(
      'numbers',
      `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`,
      'expected at least one row of numbers',
    );
  return { data: Float64Array.from(values), rows, columns, header: header?.line ?? null, rounded };
}

/** Returns the delimiter of a line; a blank stands for any number of blanks. */
function findDelimiter(line: string): string {
  const bare = line.replace(/"[^"]*"/g, '');
  return ['\t', ';', ','].find((mark) => bare.includes(mark)) ?? ' ';
}

/** Returns the cells of a line, without the blanks and quotes around them. */
function splitLine(line: string, delimiter: string): string[] {
  if (delimiter === ' ') return line.trim().split(/\s+/).map(unquote);
  if (!line.includes('"')) return line.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i <= line.length; i++) {
    if (line[i] === '"') quoted = !quoted;
    if (i === line.length || (line[i] === delimiter && !quoted)) {
      cells.push(unquote(line.slice(start, i).trim()));
      start = i + 1;
    }
  }
  return cells;
}

function unquote(cell: string): string {
  return (/^"(.*)"$/.exec(cell)?.[1] ?? cell).trim();
}
