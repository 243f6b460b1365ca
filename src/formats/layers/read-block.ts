import type { NamedTensor, Numbers } from '../model-file.js';

/** The most numbers that are read from a tensor at once, unless one line is longer. */
const READ = 2 ** 21;
/** The most numbers that are copied one by one, since a view costs more. */
const SHORT = 32;
/** The largest gap between two lines that is read with them and discarded, instead of reading them separately. */
const GAP = 2 ** 13;

/**
 * Returns a block of a matrix, row-major. Number (r, c) is at the flat index rows[r] + columns[c] of the tensor. It is
 * read in runs: of columns where these are neighbours, else of rows, as in layouts with the outputs last.
 */
export async function readBlock(
  tensor: NamedTensor,
  rows: Float64Array,
  columns: Float64Array,
): Promise<Numbers> {
  const count = rows.length * columns.length;
  const alongColumns = runLength(columns) >= runLength(rows) || rows.length === 1;
  const [across, along] = alongColumns ? [rows, columns] : [columns, rows];
  const [acrossStep, alongStep] = alongColumns ? [columns.length, 1] : [1, columns.length];
  // one line of each run: `at` in the tensor, `to` in the block
  const runs = runsOf(along);
  const lines: Line[] = [];
  for (let i = 0; i < across.length; i++)
    for (const { start, length } of runs)
      lines.push({ at: across[i]! + along[start]!, to: i * acrossStep + start * alongStep, length });
  lines.sort((one, other) => one.at - other.at);

  let out: Numbers | undefined;
  for (let first = 0; first < lines.length;) {
    const from = lines[first]!.at;
    let end = from + lines[first]!.length;
    let last = first + 1;
    while (last < lines.length) {
      const { at, length } = lines[last]!;
      if (at - end > GAP || at + length - from > READ) break;
      end = Math.max(end, at + length);
      last++;
    }
    const numbers = await tensor.read(from, end - from);
    const inOrder = lines.length === last && lines.every(({ at, to }) => to === at - from);
    if (!out && alongStep === 1 && end - from === count && inOrder) return numbers;
    out ??= numbers instanceof Float64Array ? new Float64Array(count) : new Float32Array(count);
    for (; first < last; first++) {
      const { at, to, length } = lines[first]!;
      const start = at - from;
      if (alongStep !== 1 || length < SHORT)
        for (let k = 0; k < length; k++) out[to + k * alongStep] = numbers[start + k]!;
      else out.set(numbers.subarray(start, start + length), to);
    }
  }
  return out ?? new Float32Array(); // of an empty block, which has no lines
}

interface Line {
  readonly at: number;
  readonly to: number;
  readonly length: number;
}

function runLength(places: Float64Array): number {
  let length = 1;
  while (length < places.length && places[length] === places[length - 1]! + 1) length++;
  return length;
}

/** Returns the runs of neighbours in a list of indices. */
function runsOf(places: Float64Array): { start: number; length: number }[] {
  const runs: { start: number; length: number }[] = [];
  for (let start = 0; start < places.length;) {
    const length = runLength(places.subarray(start));
    runs.push({ start, length });
    start += length;
  }
  return runs;
}
