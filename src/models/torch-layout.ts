import { type Parameter, type ParameterShape, sizeOf } from './parameters.js';

/** Returns the shape of a parameter in PyTorch: weights are [outputs, inputs / groups, height, width]. */
export function torchShape({ layer, role, shape }: ParameterShape): number[] {
  if (role !== 'weight') return [...shape];
  const { kind, kernel, channelsIn, channelsOut, groups } = layer;
  return kind === 'linear' ? [channelsOut, channelsIn] : [channelsOut, channelsIn / groups, kernel, kernel];
}

/** Returns the parameter for numbers in PyTorch's order, outputs first. */
export function fromTorchLayout(place: ParameterShape, data: Float32Array): Parameter {
  const { role, shape } = place;
  const out = new Float32Array(sizeOf(shape));
  if (role !== 'weight') return { shape, data: (out.set(data), out) };
  // [outputs, rest, positions] to [positions, rest, outputs]; a depthwise filter's one rest may stand anywhere
  const [outputs, rest, height = 1, width = 1] = torchShape(place) as [number, number, number?, number?];
  const positions = height * width;
  let from = 0;
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < rest; i++) {
      for (let p = 0; p < positions; p++) out[(p * rest + i) * outputs + o] = data[from++]!;
    }
  }
  return { shape, data: out };
}
