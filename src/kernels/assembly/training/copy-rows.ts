/** Copies rows of `bytes` (a multiple of four) to rows that lie further apart or closer: weights with and without padding. */
export function copyRows(
  from: usize,
  fromRow: usize,
  rows: i32,
  bytes: usize,
  target: usize,
  targetRow: usize,
): void {
  for (let r = 0; r < rows; r++) {
    memory.copy(target, from, bytes);
    from += fromRow;
    target += targetRow;
  }
}
