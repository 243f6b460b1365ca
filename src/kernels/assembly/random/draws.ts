/**
 * Random numbers in float32, equal to those of `src/random` bit for bit. State: the four words of xoshiro128++
 * (Blackman and Vigna, 2021), then the last word drawn.
 */

/**
 * Writes normal numbers times `sd` from entry `from` on, as long as the ziggurat method accepts draws outright. Returns
 * the first entry whose draw is not accepted, leaving its word in the state, or else `count`. The table holds the
 * largest |value| accepted in each of 128 layers, then the width of one unit of value in each, as float64.
 */
export function fillNormal(state: usize, table: usize, sd: f64, target: usize, from: i32, count: i32): i32 {
  for (let i = from; i < count; i++) {
    const word = nextWord(state);
    const layer = table + (((<usize>word) & 127) << 3);
    const value = <f64>((<i32>word) >> 8);
    if (!(abs(value) < load<f64>(layer))) {
      store<u32>(state, word, 16);
      return i;
    }
    store<f32>(target + ((<usize>i) << 2), <f32>(sd * (value * load<f64>(layer, 1024))));
  }
  return count;
}

/** Writes low + w scale in float32, clamped to [first, last]; w is the upper 24 bits of a word. */
export function fillUniform(
  state: usize,
  low: f64,
  scale: f64,
  first: f32,
  last: f32,
  target: usize,
  count: i32,
): void {
  const end = target + ((<usize>count) << 2);
  for (; target < end; target += 4) {
    const value = <f32>(low + <f64>(nextWord(state) >> 8) * scale);
    store<f32>(target, max(first, min(value, last)));
  }
}

function nextWord(state: usize): u32 {
  const s0 = load<u32>(state),
    s1 = load<u32>(state, 4),
    s2 = load<u32>(state, 8) ^ s0,
    s3 = load<u32>(state, 12) ^ s1;
  store<u32>(state, s0 ^ s3);
  store<u32>(state, s1 ^ s2, 4);
  store<u32>(state, s2 ^ (s1 << 9), 8);
  store<u32>(state, rotl<u32>(s3, 11), 12);
  return rotl<u32>(s0 + (s3 ^ s1), 7) + s0;
}
