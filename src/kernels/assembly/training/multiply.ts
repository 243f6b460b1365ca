import { plusProductF32 } from '../multiply-add';
import { LEFT, RIGHT } from './panels';

/** Steps along the depth before the next tile: panels of both sides with so many stay in the first-level cache. */
const DEPTH: i32 = 384;

/**
 * C = L R, or C += L R, over packed panels in float32. Each tile is summed from zero and then added, at most `DEPTH`
 * products at a time: the rounding of a long sum grows with its pieces, not with its length.
 *
 * @param leftPanel bytes from a left panel to the next, `rightPanel` those of the right side
 * @param wide right panels
 */
export function multiply(
  left: usize,
  leftPanel: usize,
  panels: i32,
  right: usize,
  rightPanel: usize,
  wide: i32,
  depth: i32,
  c: usize,
  row: usize,
  added: bool,
): void {
  for (let k = 0; k < depth; k += DEPTH) {
    const some = min(DEPTH, depth - k);
    const more = added || k > 0;
    for (let j = 0; j < wide; j++) {
      const r = right + <usize>j * rightPanel + <usize>k * RIGHT;
      let l = left + <usize>k * LEFT,
        target = c + <usize>j * RIGHT;
      for (let i = 0; i < panels; i++) {
        if (more) addTile(l, r, some, target, row);
        else writeTile(l, r, some, target, row);
        l += leftPanel;
        target += 6 * row;
      }
    }
  }
}

/** Room for a tile. */
const TILE = memory.data(192, 16);

/** C += L R. What was there is added from memory: code behind the loop that adds would cost the loop its registers. */
function addTile(left: usize, right: usize, depth: i32, c: usize, row: usize): void {
  writeTile(left, right, depth, TILE, 32);
  for (let from = TILE; from < TILE + 192; from += 32) {
    v128.store(c, f32x4.add(v128.load(c), v128.load(from)));
    v128.store(c, f32x4.add(v128.load(c, 16), v128.load(from, 16)), 16);
    c += row;
  }
}

/** C = L R: six rows by eight columns, which fill the registers of x86. */
function writeTile(left: usize, right: usize, depth: i32, c: usize, row: usize): void {
  let c00 = f32x4.splat(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00,
    c30 = c00,
    c31 = c00,
    c40 = c00,
    c41 = c00,
    c50 = c00,
    c51 = c00;
  const end = left + <usize>depth * LEFT;
  while (left < end) {
    const b0 = v128.load(right),
      b1 = v128.load(right, 16);
    let a = v128.load32_splat(left);
    c00 = plusProductF32(c00, a, b0);
    c01 = plusProductF32(c01, a, b1);
    a = v128.load32_splat(left, 4);
    c10 = plusProductF32(c10, a, b0);
    c11 = plusProductF32(c11, a, b1);
    a = v128.load32_splat(left, 8);
    c20 = plusProductF32(c20, a, b0);
    c21 = plusProductF32(c21, a, b1);
    a = v128.load32_splat(left, 12);
    c30 = plusProductF32(c30, a, b0);
    c31 = plusProductF32(c31, a, b1);
    a = v128.load32_splat(left, 16);
    c40 = plusProductF32(c40, a, b0);
    c41 = plusProductF32(c41, a, b1);
    a = v128.load32_splat(left, 20);
    c50 = plusProductF32(c50, a, b0);
    c51 = plusProductF32(c51, a, b1);
    left += LEFT;
    right += RIGHT;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += row;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += row;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += row;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  c += row;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  c += row;
  v128.store(c, c50);
  v128.store(c, c51, 16);
}
