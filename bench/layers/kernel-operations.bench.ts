// A layer of one-pixel windows with one activation, from its input to its features: our kernels beside TensorFlow.js'
// own on its WebAssembly backend, interleaved; medians and their ratio.
//
//   npx tsx bench/layers/kernel-operations.bench.ts [--seconds 1] [--channels 64,264,512] [--ratio 0.5]
//     [--block pointwise] [--activations linear,relu,softplus,silu]
import { parseArgs } from 'node:util';
import { activationNamed } from '../../src/layers/activations.js';
import { useBackend } from '../../src/layers/backend.js';
import { blockNamed, type BlockName } from '../../src/layers/blocks.js';
import { openKernelOperations } from '../../src/layers/kernel-operations.js';
import type { LayerOperations } from '../../src/layers/layer-operations.js';
import { drawLayer, type Layer } from '../../src/layers/layer.js';
import { resolveLayerProtocol } from '../../src/layers/protocol.js';
import { openTensorOperations } from '../../src/layers/tensor-operations.js';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1' },
    channels: { type: 'string', default: '64,264,512' },
    ratio: { type: 'string', default: '0.5' },
    block: { type: 'string', default: 'pointwise' },
    activations: { type: 'string', default: 'linear,relu,softplus,silu' },
  },
});

void main();

async function main(): Promise<void> {
  await useBackend('wasm');
  console.log(`${flags.block}: pixels x d_in x d_out  activation  ours ms  tfjs ms  ratio`);
  for (const channels of flags.channels.split(',')) {
    const protocol = resolveLayerProtocol({
      channels: `${channels}:${channels}`,
      samples: 'd_out+1',
      expansion: '2',
    });
    const block = flags.block as BlockName;
    const layer = drawLayer({ seed: 0, block, dimensionRatio: Number(flags.ratio), index: 0 }, protocol);
    for (const name of flags.activations.split(',')) compare(layer, name);
  }
}

function compare(layer: Layer, name: string): void {
  const kernels = openKernelOperations(layer);
  if (!kernels) throw new Error('our kernels do not run here');
  const tensors = openTensorOperations(layer);
  const ours = () => featuresOf(layer, kernels, name);
  const theirs = () => featuresOf(layer, tensors, name);
  agree(ours(), theirs());
  const times: [number[], number[]] = [[], []];
  const end = performance.now() + Number(flags.seconds) * 1000;
  while (performance.now() < end) [ours, theirs].forEach((run, i) => times[i]!.push(timed(run)));
  const [a, b] = times.map((list) => list.sort((p, q) => p - q)[list.length >> 1]!) as [number, number];
  const { columns, dIn, dOut } = layer.sizes;
  console.log(
    `${`${columns} x ${dIn} x ${dOut}`.padEnd(22 + flags.block.length)}  ${name.padEnd(12)}  ` +
      `${a.toFixed(3).padStart(7)}  ${b.toFixed(3).padStart(7)}  ${(a / b).toFixed(2).padStart(5)}`,
  );
  kernels.close();
  tensors.close();
}

function featuresOf<T>(layer: Layer, operations: LayerOperations<T>, name: string) {
  const { input, convolve, activate, read, within } = operations;
  return within(() => {
    let y = input;
    blockNamed(layer.address.block).convolutions.forEach(({ activated }, i) => {
      y = convolve[i]!(y);
      if (activated) y = activate(y, activationNamed(name));
    });
    return read(y, layer.sizes.columns).data;
  });
}

function timed(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function agree(ours: ArrayLike<number>, theirs: ArrayLike<number>): void {
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < ours.length; i++) {
    worst = Math.max(worst, Math.abs(ours[i]! - theirs[i]!));
    largest = Math.max(largest, Math.abs(theirs[i]!));
  }
  if (!(worst <= 1e-5 * largest)) throw new Error(`they differ by ${worst}`);
}
