/**
 * Rounds vectors to 16-bit integers for `quantisedAccumulate`. The vectors are the rows of a wide matrix
 * (`quantiseRows`) or the columns of a tall one (`quantiseColumns`).
 *
 * Layout of a panel: eight vectors, interleaved by pairs of entries: entry k of a vector as a 16-bit integer at
 * `panel + ((k >> 1) * 8 + vector) * 4 + (k & 1) * 2`. The depth is even; a missing last entry is zero.
 */

/** The largest magnitude in each row (a NaN makes it NaN), stored as float32 at `largest`. */
export function largestInRows(source: usize, stride: i32, rows: i32, columns: i32, largest: usize): void {
  for (let row = 0; row < rows; row++) {
    let at = source + ((<usize>row * <usize>stride) << 2);
    let most = f32x4.splat(0);
    let k = 0;
    for (; k + 4 <= columns; k += 4) {
      most = f32x4.max(most, f32x4.abs(v128.load(at)));
      at += 16;
    }
    for (; k < columns; k++) {
      most = f32x4.max(most, f32x4.abs(v128.load32_zero(at)));
      at += 4;
    }
    store<f32>(
      largest + ((<usize>row) << 2),
      max(
        max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
        max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
      ),
    );
  }
}

/** The largest magnitude in each column; up to three numbers after the last are meaningless. */
export function largestInColumns(source: usize, stride: i32, rows: i32, columns: i32, largest: usize): void {
  const end = largest + ((<usize>columns) << 2);
  for (let to = largest; to < end; to += 16) v128.store(to, f32x4.splat(0));
  for (let row = 0; row < rows; row++) {
    let at = source + ((<usize>row * <usize>stride) << 2);
    for (let to = largest; to < end; to += 16) {
      v128.store(to, f32x4.max(v128.load(to), f32x4.abs(v128.load(at))));
      at += 16;
    }
  }
}

/**
 * Packs round(entry * factor of its row) into panels. `factors` holds float32, zeros for the missing rows of the last
 * panel (their entries are read from row 0 and multiplied by zero).
 */
export function quantiseRows(
  source: usize,
  stride: i32,
  rows: i32,
  depth: i32,
  factors: usize,
  target: usize,
): void {
  const panelBytes: usize = (<usize>((depth + 1) >> 1)) << 5;
  for (let row = 0; row < rows; row += 8) {
    quantiseFour(source, stride, row, rows, depth, factors, target);
    quantiseFour(source, stride, row + 4, rows, depth, factors, target + 16);
    target += panelBytes;
  }
}

function quantiseFour(
  source: usize,
  stride: i32,
  row: i32,
  rows: i32,
  depth: i32,
  factors: usize,
  target: usize,
): void {
  const rowBytes: usize = (<usize>stride) << 2;
  let r0 = source + (row < rows ? <usize>row * rowBytes : 0);
  let r1 = source + (row + 1 < rows ? <usize>(row + 1) * rowBytes : 0);
  let r2 = source + (row + 2 < rows ? <usize>(row + 2) * rowBytes : 0);
  let r3 = source + (row + 3 < rows ? <usize>(row + 3) * rowBytes : 0);
  const own = factors + ((<usize>row) << 2);
  const f0 = v128.load32_splat(own),
    f1 = v128.load32_splat(own, 4);
  const f2 = v128.load32_splat(own, 8),
    f3 = v128.load32_splat(own, 12);
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    const low = i16x8.narrow_i32x4_s(rounded(v128.load(r0), f0), rounded(v128.load(r1), f1));
    const high = i16x8.narrow_i32x4_s(rounded(v128.load(r2), f2), rounded(v128.load(r3), f3));
    v128.store(target, v128.shuffle<i32>(low, high, 0, 2, 4, 6));
    v128.store(target, v128.shuffle<i32>(low, high, 1, 3, 5, 7), 32);
    r0 += 16;
    r1 += 16;
    r2 += 16;
    r3 += 16;
    target += 64;
  }
  for (; k < depth; k++) {
    const to = target + (((<usize>(k & 3)) >> 1) << 5) + ((<usize>(k & 1)) << 1);
    store<i16>(to, <i16>i32x4.extract_lane(rounded(v128.load32_zero(r0), f0), 0));
    store<i16>(to, <i16>i32x4.extract_lane(rounded(v128.load32_zero(r1), f1), 0), 4);
    store<i16>(to, <i16>i32x4.extract_lane(rounded(v128.load32_zero(r2), f2), 0), 8);
    store<i16>(to, <i16>i32x4.extract_lane(rounded(v128.load32_zero(r3), f3), 0), 12);
    if (k === depth - 1 && (k & 1) === 0) {
      for (let r: usize = 0; r < 16; r += 4) store<i16>(to + r, 0, 2);
    }
    r0 += 4;
    r1 += 4;
    r2 += 4;
    r3 += 4;
  }
}

/**
 * Packs the columns of `depth` rows in the same way. The last panel reads up to seven numbers past a row, which are
 * multiplied by zero.
 */
export function quantiseColumns(
  source: usize,
  stride: i32,
  columns: i32,
  depth: i32,
  factors: usize,
  target: usize,
): void {
  const rowBytes: usize = (<usize>stride) << 2;
  const panelBytes: usize = (<usize>((depth + 1) >> 1)) << 5;
  for (let k = 0; k < depth; k += 2) {
    const pair = k + 1 < depth;
    let to = target + ((<usize>k) << 4);
    for (let column = 0; column < columns; column += 8) {
      const at: usize = (<usize>column) << 2;
      const f0 = v128.load(factors + at),
        f1 = v128.load(factors + at, 16);
      const here = source + at,
        next = here + rowBytes;
      const a = i16x8.narrow_i32x4_s(rounded(v128.load(here), f0), rounded(v128.load(here, 16), f1));
      const b = pair
        ? i16x8.narrow_i32x4_s(rounded(v128.load(next), f0), rounded(v128.load(next, 16), f1))
        : i16x8.splat(0);
      v128.store(to, v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(to, v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), 16);
      to += panelBytes;
    }
    source += 2 * rowBytes;
  }
}

function rounded(x: v128, factor: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(x, factor)));
}
