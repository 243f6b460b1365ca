import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { layersOf } from '../../src/formats/layers/layers-of.js';
import { openModel } from '../../src/formats/open-model.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-packed-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Tensors = Record<string, [dtype: string, shape: number[], bytes?: number[]]>;
const bits: Record<string, number> = {
  U8: 8,
  I8: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  I16: 16,
  F16: 16,
  I32: 32,
  F32: 32,
  I64: 64,
};

/** Writes tensors whose bytes, where none are given, are small and not zero. */
async function opened(tensors: Tensors) {
  const path = join(folder, 'model.safetensors');
  let end = 0;
  const parts: Buffer[] = [];
  const header = Object.entries({ ...tensors, 'plain.weight': ['F32', [4, 4]] as const }).map(
    ([name, [dtype, shape, bytes]]: [string, readonly [string, readonly number[], number[]?]]) => {
      const length = (shape.reduce((product, n) => product * n, 1) * bits[dtype]!) / 8;
      parts.push(bytes ? Buffer.from(bytes) : Buffer.alloc(length, 0x31));
      return [name, { dtype, shape, data_offsets: [end, (end += length)] }];
    },
  );
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(path, Buffer.concat([size, text, ...parts]));
  const model = await openModel(path);
  return { model, ...layersOf(model) };
}

const packings: Record<string, Tensors> = {
  'bitsandbytes int8': {
    'a.weight': ['I8', [16, 32]],
    'a.SCB': ['F32', [16]],
    'a.weight_format': ['U8', []],
  },
  'bitsandbytes 4 bits': {
    'a.weight': ['U8', [256, 1]],
    'a.weight.absmax': ['F32', [8]],
    'a.weight.quant_map': ['F32', [16]],
    'a.weight.nested_absmax': ['F32', [2, 2]],
    'a.weight.quant_state.bitsandbytes__nf4': ['U8', [80]],
  },
  GPTQ: {
    'a.qweight': ['I32', [4, 32]],
    'a.qzeros': ['I32', [1, 4]],
    'a.scales': ['F16', [2, 32]],
    'a.g_idx': ['I32', [32]],
  },
  AWQ: { 'a.qweight': ['I32', [32, 4]], 'a.qzeros': ['I32', [2, 4]], 'a.scales': ['F16', [2, 32]] },
  MXFP4: {
    'mlp.experts.down_proj_blocks': ['U8', [2, 8, 4, 16]],
    'mlp.experts.down_proj_scales': ['U8', [2, 8, 4]],
    'mlp.experts.down_proj_bias': ['F32', [2, 8]],
  },
  NVFP4: {
    'a.weight': ['U8', [16, 32]],
    'a.weight_scale': ['F8_E4M3', [16, 4]],
    'a.weight_scale_2': ['F32', [1]],
  },
  'compressed-tensors': {
    'a.weight_packed': ['I32', [16, 8]],
    'a.weight_scale': ['F16', [16, 2]],
    'a.weight_shape': ['I64', [2]],
  },
  HQQ: { 'a.W_q': ['U8', [8, 64]], 'a.scale': ['F16', [64, 2]], 'a.zero': ['F16', [64, 2]] },
  quanto: { 'a.weight._data': ['I8', [16, 64]], 'a.weight._scale': ['F16', [16, 2]] },
  AQLM: {
    'a.codes': ['I16', [16, 8, 1]],
    'a.codebooks': ['F16', [1, 16, 1, 8]],
    'a.scales': ['F16', [16, 2]],
  },
  VPTQ: { 'a.indices': ['I32', [1, 8, 16]], 'a.centroids.weight': ['F16', [2, 64]] },
  Marlin: { 'a.B': ['I32', [4, 128]], 'a.s': ['F16', [2, 64]] },
  'float8 with a scale that does not fit': {
    'a.weight': ['F8_E4M3', [4, 8]],
    'a.weight_scale': ['F32', [3, 5]],
  },
  'float8 with a scale of another name': { 'a.weight': ['F8_E4M3', [4, 8]], 'a.scaling': ['F32', [4, 2]] },
  'float8 with bytes as scales': { 'a.weight': ['F8_E4M3', [4, 64]], 'a.weight_scale': ['U8', [4, 2]] },
};

describe('packed weights', () => {
  it.each(Object.entries(packings))(
    '%s are never measured as numbers, and each part has a reason',
    async (_, tensors) => {
      const { model, layers, skipped } = await opened(tensors);
      model.close();
      expect(layers.map(({ name }) => name)).toEqual(['plain.weight']);
      expect(skipped.map(({ name }) => name).sort()).toEqual(Object.keys(tensors).sort());
      for (const { reason } of skipped) expect(reason.length).toBeGreaterThan(5);
    },
  );

  it('of MXFP8 are read with their scales, powers of two for 32 numbers each', async () => {
    const { model, layers } = await opened({
      // 0x38 is 1, 0xc1 is -2.25
      'a.weight': ['F8_E4M3', [2, 64], Array.from({ length: 128 }, (_, i) => (i % 2 === 0 ? 0x38 : 0xc1))],
      'a.weight_scale': ['F8_E8M0', [2, 2], [127, 130, 120, 128]],
    });
    const [layer] = layers;
    expect([layer!.name, layer!.dtype, layer!.quantisation!.scales]).toEqual([
      'a.weight',
      'float8_e4m3fn',
      4,
    ]);
    expect([...(await layer!.read(0, 2, 31, 3))]).toEqual([-2.25, 8, -18, -2.25 / 128, 2, -4.5]);
    model.close();
  });
});
