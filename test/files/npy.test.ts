import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readNpyArray, readNpyMatrix, writeNpy } from '../../src/files/npy.js';

interface GoodFile {
  name: string;
  dtype: string;
  shape: number[];
  values: string[];
  bytes: string;
}

const { good, bad } = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'npy.json'), 'utf8')) as {
  good: GoodFile[];
  bad: Record<string, string>;
};

function decode(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

/** Returns the bytes of a .npy file with the given header text. */
function withHeader(text: string, data: number[] = [], version = 1): Uint8Array {
  const length =
    version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.from([
    0x93,
    ...Buffer.from('NUMPY'),
    version,
    0,
    ...length,
    ...Buffer.from(text),
    ...data,
  ]);
}

const plain = decode(good.find(({ name }) => name === '<f4, C order')!.bytes);

describe('readNpyArray', () => {
  it.each(good)('reads what numpy wrote: $name', ({ dtype, shape, values, bytes }) => {
    const array = readNpyArray(decode(bytes));
    expect(array.dtype).toBe(dtype);
    expect(array.shape).toEqual(shape);
    expect(array.data).toBeInstanceOf(
      dtype === 'float16' || dtype === 'float32' ? Float32Array : Float64Array,
    );
    expect(Array.from(array.data)).toEqual(values.map(Number));
  });

  it('reads bytes that begin anywhere in a buffer', () => {
    const shifted = new Uint8Array(plain.length + 3);
    shifted.set(plain, 3);
    expect(readNpyArray(shifted.subarray(3))).toEqual(readNpyArray(plain));
  });

  it('keeps NaN and infinities: what to do with them is for others to say', () => {
    const bytes = writeNpy({ data: Float32Array.of(NaN, Infinity, -Infinity), shape: [3] });
    expect(Array.from(readNpyArray(bytes).data)).toEqual([NaN, Infinity, -Infinity]);
    const halves = withHeader(
      "{'descr': '<f2', 'fortran_order': False, 'shape': (3,), }",
      [0, 0x7c, 0, 0xfc, 1, 0x7c],
    );
    expect(Array.from(readNpyArray(halves).data)).toEqual([Infinity, -Infinity, NaN]);
  });

  it('reads the headers of old and other writers', () => {
    const python2 = withHeader("{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 1L), }", [7, 8]);
    expect(readNpyArray(python2)).toMatchObject({ shape: [2, 1], dtype: 'uint8' });
    const quotes = withHeader('{"shape": (2,1), "fortran_order": True, "descr": "u1"}', [7, 8]);
    expect(Array.from(readNpyArray(quotes).data)).toEqual([7, 8]);
  });

  it.each([
    ['complex', /unknown \.npy dtype: <c8 .*float16, float32, float64/],
    ['text', /unknown \.npy dtype: <U1/],
    ['bytes', /unknown \.npy dtype: \|S1/],
    ['dates', /unknown \.npy dtype: <M8\[D\]/],
    ['long double', /invalid \.npy dtype: <f16 \(long double\).*astype/],
    ['structured', /invalid \.npy dtype: a structured array/],
    ['object', /invalid \.npy dtype: \|O \(object\)/],
    ['npz', /invalid \.npy magic: 50 4b .*93 4e 55 4d 50 59.*zip file such as \.npz/],
  ])('refuses %s', (name, message) => {
    expect(() => readNpyArray(decode(bad[name]!))).toThrow(message);
  });

  it('says how many bytes are missing, or too many', () => {
    expect(() => readNpyArray(plain.subarray(0, -5))).toThrow(
      /invalid \.npy data: 19 bytes .*24 bytes, 2 x 3 of float32; it is truncated/,
    );
    expect(() => readNpyArray(Uint8Array.from([...plain, 0]))).toThrow(
      /invalid \.npy data: 25 bytes .*24 bytes.* too long/,
    );
    const huge = withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999, 99999999), }");
    expect(() => readNpyArray(huge)).toThrow(/invalid \.npy data: 0 bytes .*truncated/);
  });

  it('refuses every file that was cut short', () => {
    for (let length = 0; length < plain.length; length++) {
      expect(() => readNpyArray(plain.subarray(0, length)), `${length} bytes`).toThrow(
        /^(invalid|missing) \.npy/,
      );
    }
  });

  it.each([
    ['not a dictionary', /missing \.npy header field descr/],
    ["{'descr': '<f4', 'shape': (1,)}", /missing \.npy header field fortran_order/],
    ["{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}", /invalid \.npy header field fortran_order/],
    ["{'descr': '<f4', 'fortran_order': False}", /missing \.npy header field shape/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2)}", /invalid \.npy header field shape/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}", /invalid \.npy header field shape/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (1 2,)}", /invalid \.npy header field shape/],
    ["{'descr': '<f3', 'fortran_order': False, 'shape': (1,)}", /unknown \.npy dtype: <f3/],
    ["{'descr': '<b4', 'fortran_order': False, 'shape': (1,)}", /unknown \.npy dtype: <b4/],
    ['\u0000\u0001garbage\n', /missing \.npy header field descr: \?garbage/],
  ])('refuses the header %j', (text, message) => {
    expect(() => readNpyArray(withHeader(text, [0, 0, 0, 0]))).toThrow(message);
  });

  it('refuses other formats', () => {
    expect(() => readNpyArray(withHeader('', [], 4))).toThrow(
      /invalid \.npy version: 4 \(allowed: 1, 2, 3\)/,
    );
    expect(() => readNpyArray(Buffer.from('1,2\n3,4\n'))).toThrow(/invalid \.npy magic: 31 2c 32 0a 33 2c/);
    expect(() => readNpyArray(new Uint8Array(0))).toThrow(/invalid \.npy magic: no bytes/);
  });
});

describe('readNpyMatrix', () => {
  it('takes one dimension for one row, and none for 1 x 1', () => {
    const read = (shape: number[]) =>
      readNpyMatrix(writeNpy({ data: new Float32Array(shape.reduce((a, b) => a * b, 1)), shape }));
    expect(read([5]).matrix).toMatchObject({ rows: 1, columns: 5 });
    expect(read([]).matrix).toMatchObject({ rows: 1, columns: 1 });
    expect(read([3, 2]).matrix).toMatchObject({ rows: 3, columns: 2 });
    expect(read([0, 2])).toMatchObject({ matrix: { rows: 0, columns: 2 }, dtype: 'float32' });
  });

  it('refuses more than two dimensions', () => {
    const bytes = writeNpy({ data: new Float32Array(6), shape: [1, 2, 3] });
    expect(() => readNpyMatrix(bytes)).toThrow(/invalid \.npy shape: \(1, 2, 3\) .*two dimensions/);
  });
});

describe('writeNpy', () => {
  it('writes byte for byte what numpy does', () => {
    for (const { name, shape, values, bytes } of good) {
      const match = /^<f([48]), C order$|^(0|1)-dimensional$/.exec(name);
      if (!match) continue;
      const data = match[1] === '4' ? Float32Array.from(values, Number) : Float64Array.from(values, Number);
      expect(Buffer.from(writeNpy({ data, shape })).toString('base64'), name).toBe(bytes);
    }
  });

  it('is read back', () => {
    const array = { data: Float32Array.of(0.1, -2, 1e-40, 3e38, 5, 6), shape: [1, 3, 2] };
    expect(readNpyArray(writeNpy(array))).toEqual({ ...array, dtype: 'float32' });
  });

  it('refuses a shape that does not fit', () => {
    expect(() => writeNpy({ data: new Float64Array(5), shape: [2, 3] })).toThrow(
      /invalid array shape: \(2, 3\) .*5 elements/,
    );
  });
});
