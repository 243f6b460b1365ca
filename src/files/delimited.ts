import { invalid, missing } from '../errors.js';
import type { Matrix } from '../spectrum/matrix.js';
import { type Delimiter, delimiterOf, splitLine } from './split-line.js';

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const integer = /^[+-]?\d+$/;

/** Cells that look like data of an unsupported kind, and so are not column names: `NA`, `-inf`, `(1+2j)`, `$5`, `-`. */
const dataLike = /^(na|<na>|nat|n\/a|null|none|[^\p{L}_]*(nan|inf|infinity)|[^\p{L}_]*\d.*|[^\p{L}_\d]+)$/iu;

/** The errors of spreadsheets, which begin a row of data and not a comment: `#N/A`, `#DIV/0!`, `#NAME?`. */
const cellError = /^#(N\/A|[A-Z0-9/]+[!?])([\s,;]|$)/;

/** The name pandas gives to an empty name in a header, and writes again. */
const pandasUnnamed = /^Unnamed: \d+$/;

/** A matrix from text, with the lines and columns left out. */
export interface DelimitedMatrix extends Matrix {
  /** The line of the header, counted from 1; null without a header. */
  readonly header: number | null;
  /** The number of leading columns that are row names. */
  readonly rowNames: number;
  /** True if an integer does not fit float64 and was rounded. */
  readonly rounded: boolean;
  /** Whether the first column counts the rows from 0 or 1. Such a column may hold row names that no header marks. */
  readonly countsRows: boolean;
  /** Whether the first row counts the columns from 0 or 1, as a header does that pandas writes without names. */
  readonly countsColumns: boolean;
}

/**
 * Returns the float64 matrix in delimited text, one row per line. The delimiter is the first of tab, semicolon, comma
 * and blank that the first row contains. Numbers are written as in `-1.5e-3` and may be quoted.
 *
 * The first line is a header, and left out, if its cells are names: no cell is a number or begins like one. Row names
 * are left out if the header marks them. It does so by empty first cells (pandas, R's write.csv; its other cells may
 * then be numbers), by `Unnamed: 0` over names or a count (pandas, written twice), or by being one cell short (R's
 * write.table). Quoted cells may contain line ends. Lines that begin with `#`, a first line `sep=,` and empty lines at both ends are left out; an error of
 * a spreadsheet (`#N/A`) begins a row.
 *
 * @throws RangeError for a row of another length (line, cells found and expected), a cell that is not a finite number
 * (line, column and text; both counted from 1), an empty row name, and for text without rows.
 * @example
 * parseDelimited(',a,b\nr,1,2\ns,3,4\n'); // data [1, 2, 3, 4], rows 2, columns 2, header 1, rowNames 1
 */
export function parseDelimited(text: string): DelimitedMatrix {
  const { lines, delimiter: given } = linesOf(text);
  const header = headerOf(lines, given);
  const rows = header ? lines.slice(1) : lines;
  const [first] = rows;
  if (!first) throw missingNumbers(text);
  const delimiter = given ?? delimiterOf(first.text);

  const values: number[] = [];
  const rowNames = header?.rowNames ?? 0;
  let length = 0;
  let rounded = false;
  for (const { text, at } of rows) {
    const cells = text.trim() === '' ? [] : splitLine(text, delimiter);
    if (length === 0) length = checkHeader(header, cells, at);
    if (cells.length !== length)
      throw invalid(`number of cells in line ${at}`, cells.length, `${length}, as in line ${first.at}`);
    for (const [column, cell] of cells.entries()) {
      if (column < rowNames) {
        if (cell === '') throw invalid(`row name in line ${at}`, cell, 'a name; a header has one line');
        continue;
      }
      const value = number.test(cell) ? Number(cell) : NaN;
      if (!Number.isFinite(value)) throw invalidCell(cell, at, column);
      rounded ||=
        integer.test(cell) && !Number.isSafeInteger(value) && BigInt(cell.replace('+', '')) !== BigInt(value);
      values.push(value);
    }
  }
  const columns = length - rowNames;
  if (columns === 0) throw missingNumbers(text);
  const data = Float64Array.from(values);
  return {
    data,
    rows: rows.length,
    columns,
    header: header?.at ?? null,
    rowNames,
    rounded,
    countsRows:
      rowNames === 0 &&
      columns > 1 &&
      rows.length > 2 &&
      counts(Array.from({ length: rows.length }, (_, i) => data[i * columns]!)),
    countsColumns: !header && columns > 2 && rows.length > 1 && counts(data.subarray(0, columns)),
  };
}

interface Line {
  readonly text: string;
  /** Counted from 1. */
  readonly at: number;
}

/** Returns the lines from the first to the last with content, without comments, and the delimiter of Excel's `sep=`. */
function linesOf(text: string): { lines: Line[]; delimiter?: Delimiter | undefined } {
  const lines = wholeLines(text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/));
  while (lines.at(-1)?.text.trim() === '') lines.pop();
  lines.splice(
    0,
    lines.findIndex(({ text }) => text.trim() !== ''),
  );
  const mark = /^sep=([\t;,])$/i.exec(lines[0]?.text ?? '')?.[1];
  return mark === undefined ? { lines } : { lines: lines.slice(1), delimiter: mark as Delimiter };
}

/** Returns the lines without comments. A line that ends within quotes goes on in the next ones. */
function wholeLines(parts: readonly string[], first = 1): Line[] {
  const lines: Line[] = [];
  let open: Line | undefined;
  for (const [index, part] of parts.entries()) {
    if (!open && part.startsWith('#') && !cellError.test(part)) continue;
    const line = open ? { text: `${open.text}\n${part}`, at: open.at } : { text: part, at: first + index };
    const isOdd = part.includes('"') && part.split('"').length % 2 === 0;
    const isOpen = isOdd !== (open !== undefined);
    open = isOpen ? line : undefined;
    if (!isOpen) lines.push(line);
  }
  if (!open) return lines;
  // a quote that nothing closes stands for itself
  const [own = '', ...rest] = parts.slice(open.at - first);
  return [...lines, { text: own, at: open.at }, ...wholeLines(rest, open.at + 1)];
}

interface Header {
  readonly at: number;
  /** The number of names, including those of row-name columns if they have a cell. */
  readonly cells: number;
  /** Leading columns that are row names. */
  readonly rowNames: number;
}

/** Returns the header in the first line; undefined if that is a row of the matrix. */
function headerOf(lines: readonly Line[], given?: Delimiter): Header | undefined {
  const [first, second] = lines;
  if (first === undefined) return undefined;
  const own = given ?? delimiterOf(first.text);
  const cells = splitLine(first.text, own);
  const delimiter = given ?? delimiterOf(second?.text ?? '');
  const column = (index: number) => lines.slice(1).map(({ text }) => splitLine(text, delimiter)[index] ?? '');
  const firsts = () => column(0);
  const unnamed = cells.findIndex(
    (cell, index) => cell !== '' && !(pandasUnnamed.test(cell) && areNames(column(index))),
  );
  if (unnamed < 0) return undefined;
  const labels = cells.slice(unnamed);
  const isShort =
    unnamed === 0 && second !== undefined && splitLine(second.text, delimiter).length === cells.length + 1;
  // Na is sodium
  if (cells.some((cell) => cell !== 'Na' && (dataLike.test(cell) || cellError.test(cell)))) {
    // numbers are labels if they cannot be a row
    const areLabels =
      unnamed > 0
        ? areNames(firsts()) ||
          (counts(labels.map(Number), 0) && firsts().every((cell) => integer.test(cell)))
        : isShort && counts(labels.map(Number)) && areNames(firsts());
    if (!areLabels) return undefined;
  }
  // a title above other lines is not a header that is one cell short
  const rowNames = isShort && (own === delimiter || (lines.length > 2 && areNames(firsts()))) ? 1 : unnamed;
  return { at: first.at, cells: cells.length + (isShort ? rowNames : 0), rowNames };
}

/** Returns true if the first cells of rows are names: not all numbers, or a count of the rows. */
function areNames(firsts: readonly string[]): boolean {
  return !firsts.every((cell) => number.test(cell)) || counts(firsts.map(Number));
}

/** Returns true if numbers count up from `from`, by default from 0 or 1. */
function counts(numbers: ArrayLike<number>, from = numbers[0]): boolean {
  if (from !== 0 && from !== 1) return false;
  for (let i = 0; i < numbers.length; i++) if (numbers[i] !== from + i) return false;
  return true;
}

/** Returns the number of cells in a row. @throws RangeError if the header has another number */
function checkHeader(header: Header | undefined, cells: readonly string[], at: number): number {
  if (header && cells.length !== header.cells)
    throw invalid(
      `number of cells in line ${at}`,
      cells.length,
      `${header.cells}, as in the header, line ${header.at}`,
    );
  return cells.length;
}

function invalidCell(cell: string, at: number, column: number): RangeError {
  const cut = cell.length > 40 ? `${cell.slice(0, 40)}...` : cell;
  const hint = /^[+-]?[\d.]+,\d+$/.test(cell)
    ? '; decimals have a point, and thousands no mark'
    : column === 0 && /^[\p{L}_]/u.test(cell)
      ? '; a column of row names has no name in the header'
      : '';
  return invalid(`cell in line ${at}, column ${column + 1}`, cut, `a finite number such as -1.5e-3${hint}`);
}

function missingNumbers(text: string): RangeError {
  const count = text.trim() === '' ? 0 : text.trimEnd().split(/\r\n|\n|\r/).length;
  return missing(
    'numbers',
    `${count} ${count === 1 ? 'line' : 'lines'}`,
    'expected at least one row of numbers',
  );
}
