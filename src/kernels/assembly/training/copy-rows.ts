/** Copies rows of `bytes` (a multiple of four) to rows of another distance. So weights get or lose their padding. */
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
