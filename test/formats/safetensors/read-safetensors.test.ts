import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../../../src/formats/safetensors/read-safetensors.js';
import { safetensors } from './safetensors.js';

const bytesOf = (data: ArrayBufferView) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const text = (words: string) => new TextEncoder().encode(words);
/** A file of a float32 x, something of it changed. */
const one = (changed: object) =>
  safetensors({ x: { dtype: 'F32', shape: [1], data_offsets: [0, 4], ...changed } }, new Uint8Array(4));
/** A file of two float32 at these places. */
const two = (x: number[], y: number[], bytes = 8) => {
  const entry = { dtype: 'F32', shape: [1] };
  return safetensors(
    { x: { ...entry, data_offsets: x }, y: { ...entry, data_offsets: y } },
    new Uint8Array(bytes),
  );
};

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
    // of a Buffer too, whose slices are views
    const odd = Buffer.from(Uint8Array.of(9, ...file)).subarray(1);
    expect([...readSafetensors(odd).get('one')!.read()]).toEqual([7]);
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
      'invalid .safetensors file: a zip archive, as torch.save writes (allowed: a file of the format safetensors)',
    ],
    [safetensors('{"x":'), 'invalid .safetensors header'],
    [safetensors([1]), 'invalid .safetensors header: [1] (allowed: an object with one entry per name)'],
    [safetensors({ x: { dtype: 'F32' } }), 'missing x.shape: not given (allowed: a list)'],
    [
      safetensors({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, new Uint8Array(4)),
      'invalid .safetensors place of x: 0 to 8 (allowed: within the 4 bytes of data; is it truncated?)',
    ],
    [
      safetensors({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, new Uint8Array(4)),
      'invalid .safetensors data of x: 4 bytes (allowed: 8 bytes, [2] of F32)',
    ],
    [new Uint8Array(), 'invalid .safetensors file: an empty file'],
    [text('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 123\n'), 'a Git LFS pointer'],
    [text('<!DOCTYPE html><html>404 not found</html>'), 'invalid .safetensors file: a web page'],
    [
      Uint8Array.of(...Array(8).fill(255), 1, 2),
      'header of 18446744073709551615 bytes in a file of 10 (allowed',
    ],
    [safetensors('{"x":{},"x":{}}'), 'invalid .safetensors header: x twice (allowed: each name once)'],
    [safetensors('{"x":{},"\\u0078":{}}'), 'invalid .safetensors header: x twice'],
    [safetensors('{"x":{"dtype":"F32","dtype":"F16"}}'), 'invalid .safetensors header: dtype twice'],
    [safetensors('{"__proto__":{"dtype":"F32"}}'), 'missing __proto__.shape: not given'],
    [
      safetensors('{"a.b":null}'),
      'invalid ["a.b"]: null (allowed: an object with dtype, shape, data_offsets)',
    ],
    [one({ dtype: 'toString' }), 'unknown .safetensors dtype of x: toString (allowed: F4, '],
    [one({ dtype: 'f32' }), 'unknown .safetensors dtype of x: f32 (near: F32; '],
    [one({ shape: [-1] }), 'invalid x.shape[0]: -1 (allowed: an integer from 0 to 9007199254740991)'],
    [one({ shape: [2 ** 30, 2 ** 30] }), 'invalid .safetensors shape of x: [1073741824,1073741824]'],
    [
      one({ dtype: 'F4', shape: [3] }),
      'invalid .safetensors shape of x: [3] (allowed: a whole number of bytes',
    ],
    [one({ shape: [0, 2 ** 53 - 1] }), 'invalid .safetensors data of x: 4 bytes (allowed: 0 bytes'],
    [one({ data_offsets: [4, 0] }), 'invalid .safetensors data of x: -4 bytes'],
    [one({ data_offsets: [0, 1e300] }), 'invalid x.data_offsets[1]: 1e+300'],
    [one({ data_offsets: [0] }), 'data_offsets'],
    [one({ data_offset: [0, 4] }), 'unknown key of x: data_offset (near: data_offsets; allowed: dtype, '],
    [
      two([0, 4], [0, 4]),
      'invalid .safetensors place of y: 0 to 4 (allowed: from 4, where the tensor before it ends)',
    ],
    [two([0, 4], [2, 6]), 'invalid .safetensors place of y: 2 to 6 (allowed: from 4,'],
    [two([1, 5], [5, 9]), 'invalid .safetensors place of x: 1 to 5 (allowed: from 0,'],
    [two([0, 4], [4, 8], 12), 'invalid .safetensors data: 12 bytes (allowed: 8, as the tensors have)'],
  ])('says what is wrong with a file (%#)', (file, words) => {
    expect(() => readSafetensors(file)).toThrow(RangeError);
    expect(() => readSafetensors(file)).toThrow(words);
  });
});
