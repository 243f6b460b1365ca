// One-pixel convolutions with bias, normalization by the batch's deviation and scale: our kernels beside TensorFlow.js'
// own on its WebAssembly backend, interleaved; medians and their ratio.
//
//   npx tsx bench/layers/pixel-convolutions.bench.ts [--seconds 4] [--sizes 64x64x64,264x145x363]
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '../../src/layers/backend.js';
import type { ConvolutionParameters } from '../../src/layers/layer.js';
import { normalize } from '../../src/layers/normalization.js';
import type { Normalization } from '../../src/layers/protocol.js';
import { openPixelConvolutions } from '../../src/layers/pixel-convolutions.js';
import { fillNormal, fillUniform } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    sizes: { type: 'string', default: '64x32x64,264x66x264,264x264x264,512x512x512,264x363x363' },
  },
});

void main();

async function main(): Promise<void> {
  await useBackend('wasm');
  console.log('pixels x inputs x outputs  normalization  ours ms  tfjs ms  ratio');
  for (const size of flags.sizes.split(',')) {
    for (const mode of ['none', 'deviation'] as const) compare(size, mode);
  }
}

function compare(size: string, mode: Normalization): void {
  const [pixels, inputs, outputs] = size.split('x').map(Number) as [number, number, number];
  const stream = createStream(0, size);
  const given: ConvolutionParameters = {
    shape: { kernel: 1, window: 1, depthwise: false, inputs, outputs },
    weights: fillNormal(stream, new Float32Array(inputs * outputs)),
    bias: fillNormal(stream, new Float32Array(outputs)),
    scale: fillUniform(stream, new Float32Array(outputs)),
  };
  const x = tf.tensor4d(fillUniform(stream, new Float32Array(pixels * inputs)), [pixels, 1, 1, inputs]);
  const opened = openPixelConvolutions([given], mode, pixels);
  if (!opened) throw new Error('our kernels do not run here');
  const ours = () => opened.convolve[0]!(x);
  const weights = tf.tensor2d(given.weights, [inputs, outputs]);
  const [bias, scale] = [tf.tensor1d(given.bias!), tf.tensor1d(given.scale!)];
  const theirs = () =>
    tf.tidy(() => {
      const sums = tf.matMul(tf.reshape(x, [pixels, inputs]), weights);
      const y = normalize(tf.reshape(tf.add(sums, bias), [pixels, 1, 1, outputs]), mode);
      return tf.mul(y, scale);
    });
  agree(ours(), theirs());
  const times: [number[], number[]] = [[], []];
  const end = performance.now() + Number(flags.seconds) * 1000;
  while (performance.now() < end) [ours, theirs].forEach((run, i) => times[i]!.push(timed(run)));
  const [a, b] = times.map((list) => list.sort((p, q) => p - q)[list.length >> 1]!) as [number, number];
  console.log(
    `${size.padEnd(25)}  ${mode.padEnd(13)}  ${a.toFixed(3).padStart(7)}  ${b.toFixed(3).padStart(7)}  ${(a / b).toFixed(2)}`,
  );
  opened.close();
}

/** Milliseconds of one convolution, its result given back outside the time. */
function timed(run: () => tf.Tensor): number {
  const start = performance.now();
  const y = run();
  const taken = performance.now() - start;
  y.dispose();
  return taken;
}

function agree(ours: tf.Tensor, theirs: tf.Tensor): void {
  const worst = tf.max(tf.abs(tf.sub(ours, tf.reshape(theirs, ours.shape)))).dataSync()[0]!;
  const largest = tf.max(tf.abs(theirs)).dataSync()[0]!;
  if (!(worst <= 1e-5 * largest)) throw new Error(`they differ by ${worst}`);
}
