import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/files/safetensors.js';
import { safetensors } from './safetensors.js';

const bytesOf = (data: ArrayBufferView) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

describe('readSafetensors', () => {
  it.each([
    ['F32', bytesOf(Float32Array.of(1.5, -2, 1e-30)), [1.5, -2, Math.fround(1e-30)]],
    ['F64', bytesOf(Float64Array.of(0.1, -2, 3)), [Math.fround(0.1), -2, 3]],
    ['F16', bytesOf(Uint16Array.of(0x3c00, 0xc000, 0x3555)), [1, -2, 0.333251953125]],
    ['BF16', bytesOf(Uint16Array.of(0x3f80, 0xc000, 0x4049)), [1, -2, 3.140625]],
  ])('reads %s', (dtype, data, expected) => {
    const header = {
      __metadata__: { format: 'pt' },
      x: { dtype, shape: [1, 3], data_offsets: [0, data.length] },
    };
    const tensors = readSafetensors(safetensors(header, data));
    expect([...tensors.keys()]).toEqual(['x']);
    expect(tensors.get('x')).toMatchObject({ shape: [1, 3], dtype });
    expect([...tensors.get('x')!.read()]).toEqual(expected);
  });

  it('reads a file that does not begin at the start of its buffer, and tensors of no or one number', () => {
    const data = bytesOf(Float32Array.of(7));
    const file = safetensors(
      {
        none: { dtype: 'F32', shape: [0, 4], data_offsets: [0, 0] },
        one: { dtype: 'F32', shape: [], data_offsets: [0, 4] },
      },
      data,
    );
    const tensors = readSafetensors(Uint8Array.of(9, 9, 9, ...file).subarray(3));
    expect([...tensors.get('none')!.read()]).toEqual([]);
    expect([...tensors.get('one')!.read()]).toEqual([7]);
  });

  it('lists a tensor it cannot read, and says so when it is read', () => {
    const count = { dtype: 'I64', shape: [], data_offsets: [0, 8] };
    const tensors = readSafetensors(safetensors({ count }, new Uint8Array(8)));
    expect(() => tensors.get('count')!.read()).toThrow(
      'invalid .safetensors dtype of count: I64 (allowed: F16, BF16, F32, F64)',
    );
  });

  it.each([
    [Uint8Array.of(1, 2), 'invalid .safetensors file: 2 bytes (allowed: at least 8)'],
    [
      new TextEncoder().encode('PK\x03\x04 a zip file'),
      'in a file of 15 (allowed: a header within the file; is it truncated, or of another format?)',
    ],
    [safetensors('{"x":'), 'invalid .safetensors header'],
    [safetensors([1]), 'invalid .safetensors header: [1] (allowed: an object with one entry a tensor)'],
    [safetensors({ x: { dtype: 'F32' } }), 'invalid .safetensors entry x: {"dtype":"F32"}'],
    [
      safetensors({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, new Uint8Array(4)),
      'invalid .safetensors place of x: 0 to 8 (allowed: within the 4 bytes of data)',
    ],
    [
      safetensors({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, new Uint8Array(4)),
      'invalid .safetensors data of x: 4 bytes (allowed: 8 bytes, [2] of F32)',
    ],
  ])('says what is wrong with a file (%#)', (file, words) => {
    expect(() => readSafetensors(file)).toThrow(RangeError);
    expect(() => readSafetensors(file)).toThrow(words);
  });
});
