import type { RankReport } from './rank-report.js';

/** Returns notes on things that a reader of the report might miss, one line each. */
export function rankNotes({
  rows,
  columns,
  dtype,
  header,
  rowNames,
  countsRows,
  countsColumns,
  rounded,
  centered,
  engine,
  ranks,
  largest,
  unresolved,
  spectrum,
}: RankReport): string[] {
  const notes: string[] = [];
  const names = rowNames === 1 ? 'column 1' : `columns 1 to ${rowNames}`;
  if (rowNames > 0) notes.push(`line ${header} is a header, ${names} row names: both are left out`);
  else if (header !== null) notes.push(`line ${header} is read as a header and left out`);
  if (countsRows) notes.push('column 1 counts the rows: leave it out if it holds row names');
  if (countsColumns) notes.push('row 1 counts the columns: leave it out if it is a header');
  if (rounded) notes.push('integers beyond 2^53 are rounded: the ranks are of the rounded matrix');
  if (centered) notes.push('the mean of each row is subtracted');
  if (spectrum.length === 0) notes.push('the matrix is empty');
  else if (largest === 0) notes.push('every entry is zero');
  if (columns > 0 && columns < rows) {
    notes.push(`fewer columns than rows: the rank ratio cannot exceed ${(columns / rows).toFixed(4)}`);
  }
  if (dtype === 'float16' && ranks.some(({ tolerance }) => tolerance.absolute < largest * 2 ** -11)) {
    notes.push('float16 rounds at 2^-11, above the threshold: consider relative:0.001');
  }
  if (largest > 0 && ranks.some(({ tolerance }) => tolerance.absolute >= largest))
    notes.push('a threshold at or above the largest singular value gives rank 0');
  if (unresolved > 0 && largest > 0)
    notes.push(
      `${unresolved} singular ${unresolved === 1 ? 'value is' : 'values are'} below float64 resolution: noise, perhaps zero`,
    );
  if (engine === 'ml-matrix' && !ranks.every(({ certified }) => certified))
    notes.push('the ml-matrix engine cannot certify ranks');
  const open = ranks.filter(({ lower, upper }) => lower < upper);
  if (open.length > 0) notes.push('(a to b): any of these ranks is possible; rounding reaches the threshold');
  const remedies = open.map(({ certifiedAt: at }) =>
    at === null
      ? 'no coarser relative tolerance, of powers of ten up to 0.1, is certified'
      : `certified at ${at.tolerance}: rank ${at.rank}`,
  );
  return [...notes, ...new Set(remedies)];
}
