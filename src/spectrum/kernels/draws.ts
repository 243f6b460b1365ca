/**
 * Random numbers in float32, to the bits that `src/random` gives. State: the four words of xoshiro128++ (Blackman and
 * Vigna, 2021), then a place for the word drawn last.
 */

/**
 * Normal numbers times `sd`, from entry `from` on, while the ziggurat method accepts a draw outright. Returns the entry
 * whose draw it does not, with the word left in the state, or `count`. The table has for each of 128 layers the largest
 * |value| accepted, then for each the width of one unit of value, float64.
 */
export function fillNormal(state: usize, table: usize, sd: f64, target: usize, from: i32, count: i32): i32 {
  let s0 = load<u32>(state),
    s1 = load<u32>(state, 4),
    s2 = load<u32>(state, 8),
    s3 = load<u32>(state, 12);
  let i = from;
  for (; i < count; i++) {
    const word: u32 = rotl<u32>(s0 + s3, 7) + s0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotl<u32>(s3, 11);
    const layer = table + (((<usize>word) & 127) << 3);
    const value = <f64>((<i32>word) >> 8);
    if (!(abs(value) < load<f64>(layer))) {
      store<u32>(state, word, 16);
      break;
    }
    store<f32>(target + ((<usize>i) << 2), <f32>(sd * (value * load<f64>(layer, 1024))));
  }
  store<u32>(state, s0);
  store<u32>(state, s1, 4);
  store<u32>(state, s2, 8);
  store<u32>(state, s3, 12);
  return i;
}

/** low + w scale, w the upper 24 bits of a word. */
export function fillUniform(state: usize, low: f64, scale: f64, target: usize, count: i32): void {
  let s0 = load<u32>(state),
    s1 = load<u32>(state, 4),
    s2 = load<u32>(state, 8),
    s3 = load<u32>(state, 12);
  const end = target + ((<usize>count) << 2);
  for (; target < end; target += 4) {
    const word: u32 = rotl<u32>(s0 + s3, 7) + s0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotl<u32>(s3, 11);
    store<f32>(target, <f32>(low + <f64>(word >> 8) * scale));
  }
  store<u32>(state, s0);
  store<u32>(state, s1, 4);
  store<u32>(state, s2, 8);
  store<u32>(state, s3, 12);
}
