/**
 * The steps after a convolution, channel by channel, in float32. y = (sum + bias - mean) / deviation * scale.
 *
 * Layout. Sums: positions by channels, each row padded to whole panels of eight channels (`rowBytes`). Y: the same
 * without padding. The table has four rows of `rowBytes`: bias, mean, deviation, scale.
 */
const MEAN: usize = 1;
const DEVIATION: usize = 2;
const SCALE: usize = 3;

/** Sums of a depthwise convolution whose window is one pixel: x times the weight of its channel. */
export function multiplyChannels(
  x: usize,
  positions: i32,
  channels: i32,
  weights: usize,
  sums: usize,
  rowBytes: usize,
): void {
  for (let row = 0; row < positions; row++) {
    let o = 0;
    for (; o + 4 <= channels; o += 4) {
      const at: usize = (<usize>o) << 2;
      v128.store(sums + at, f32x4.mul(v128.load(x + at), v128.load(weights + at)));
    }
    for (; o < channels; o++) {
      const at: usize = (<usize>o) << 2;
      store<f32>(sums + at, load<f32>(x + at) * load<f32>(weights + at));
    }
    x += (<usize>channels) << 2;
    sums += rowBytes;
  }
}

/**
 * Sets the table's deviation to √(variance + epsilon), and its mean if the channels are to be centred. The variance is
 * the biased one, as in batch normalization. Sums are taken in float64, in two passes.
 */
export function measureChannels(
  sums: usize,
  positions: i32,
  rowBytes: usize,
  table: usize,
  centred: bool,
  epsilon: f64,
): void {
  const count = f64x2.splat(<f64>positions);
  const plus = f64x2.splat(epsilon);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const bias = v128.load(table + at);
    let low = f64x2.splat(0),
      high = low;
    let from = sums + at;
    for (let row = 0; row < positions; row++, from += rowBytes) {
      const y = f32x4.add(v128.load(from), bias);
      low = f64x2.add(low, f64x2.promote_low_f32x4(y));
      high = f64x2.add(high, f64x2.promote_low_f32x4(upper(y)));
    }
    const lowMean = f64x2.div(low, count),
      highMean = f64x2.div(high, count);
    low = f64x2.splat(0);
    high = low;
    from = sums + at;
    for (let row = 0; row < positions; row++, from += rowBytes) {
      const y = f32x4.add(v128.load(from), bias);
      const a = f64x2.sub(f64x2.promote_low_f32x4(y), lowMean),
        b = f64x2.sub(f64x2.promote_low_f32x4(upper(y)), highMean);
      low = f64x2.add(low, f64x2.mul(a, a));
      high = f64x2.add(high, f64x2.mul(b, b));
    }
    const variance = joined(f64x2.add(f64x2.div(low, count), plus), f64x2.add(f64x2.div(high, count), plus));
    v128.store(table + DEVIATION * rowBytes + at, f32x4.sqrt(variance));
    if (centred) v128.store(table + MEAN * rowBytes + at, joined(lowMean, highMean));
  }
}

/** Writes y. */
export function finishChannels(
  sums: usize,
  positions: i32,
  channels: i32,
  rowBytes: usize,
  table: usize,
  y: usize,
): void {
  for (let row = 0; row < positions; row++) {
    let o = 0;
    for (; o + 4 <= channels; o += 4) {
      const at: usize = (<usize>o) << 2;
      v128.store(y + at, finished(sums + at, table + at, rowBytes));
    }
    if (o < channels) {
      const at: usize = (<usize>o) << 2;
      const last = finished(sums + at, table + at, rowBytes);
      store<f32>(y + at, f32x4.extract_lane(last, 0));
      if (o + 1 < channels) store<f32>(y + at, f32x4.extract_lane(last, 1), 4);
      if (o + 2 < channels) store<f32>(y + at, f32x4.extract_lane(last, 2), 8);
    }
    sums += rowBytes;
    y += (<usize>channels) << 2;
  }
}

/** Adds a shortcut: y = y + x for the first `channels` of the `width` channels of y. */
export function addChannels(x: usize, channels: i32, y: usize, width: i32, positions: i32): void {
  for (let row = 0; row < positions; row++) {
    let i = 0;
    for (; i + 4 <= channels; i += 4) {
      const at: usize = (<usize>i) << 2;
      v128.store(y + at, f32x4.add(v128.load(y + at), v128.load(x + at)));
    }
    for (; i < channels; i++) {
      const at: usize = (<usize>i) << 2;
      store<f32>(y + at, load<f32>(y + at) + load<f32>(x + at));
    }
    x += (<usize>channels) << 2;
    y += (<usize>width) << 2;
  }
}

function finished(sums: usize, table: usize, rowBytes: usize): v128 {
  const y = f32x4.sub(f32x4.add(v128.load(sums), v128.load(table)), v128.load(table + MEAN * rowBytes));
  return f32x4.mul(
    f32x4.div(y, v128.load(table + DEVIATION * rowBytes)),
    v128.load(table + SCALE * rowBytes),
  );
}

function upper(y: v128): v128 {
  return v128.shuffle<i64>(y, y, 1, 0);
}

function joined(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}
