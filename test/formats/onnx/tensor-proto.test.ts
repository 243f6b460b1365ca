import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { joinBytes } from '../../../src/files/join-bytes.js';
import { bytesField, integerField } from '../../../src/formats/onnx/protobuf-bytes.js';
import { openModel } from '../../../src/formats/open-model.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [FLOAT, INT8, INT64, UINT64] = [1, 3, 7, 13];
const numbers = Float32Array.of(1, 2, 3, 4, 5, 6);
writeFileSync(join(folder, 'w.bin'), new Uint8Array(numbers.buffer));
mkdirSync(join(folder, 'folder'));

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
/** A tensor of 2 x 3, or of other sizes. */
const tensor = (name: string, type: number, data: Uint8Array, shape = [2, 3]) =>
  joinBytes([...shape.map((n) => integerField(1, n)), integerField(2, type), bytesField(8, name), data]);
const external = (entries: Readonly<Record<string, string>>) =>
  tensor(
    'w',
    FLOAT,
    joinBytes([
      ...Object.entries(entries).map((entry) =>
        bytesField(13, joinBytes([bytesField(1, entry[0]), bytesField(2, entry[1])])),
      ),
      integerField(14, 1),
    ]),
  );
const node = (op: string, inputs: string[], output: string, ...attributes: Uint8Array[]) =>
  bytesField(
    1,
    joinBytes([
      ...inputs.map((input) => bytesField(1, input)),
      bytesField(2, output),
      bytesField(4, op),
      ...attributes.map((attribute) => bytesField(5, attribute)),
    ]),
  );

/** Opens the model of these tensors and nodes. */
async function opened(tensors: readonly Uint8Array[], ...nodes: readonly Uint8Array[]) {
  const path = join(folder, 'model.onnx');
  const graph = joinBytes([...nodes, ...tensors.map((one) => bytesField(5, one))]);
  writeFileSync(path, joinBytes([integerField(1, 8), bytesField(7, graph)]));
  return openModel(path);
}

/** Returns the numbers of the first tensor. */
async function readFirst(...given: Parameters<typeof opened>) {
  const model = await opened(...given);
  const [first] = model.tensors;
  const read = [
    ...(await first!.read(
      0,
      first!.shape.reduce((product, n) => product * n, 1),
    )),
  ];
  model.close();
  return read;
}

describe('numbers in files beside an ONNX model', () => {
  it.each([
    [{ location: 'w.bin' }],
    [{ location: './w.bin', offset: '0', length: '24' }],
    [{ location: 'w.bin', offset: '', length: '' }],
  ])('are read: %j', async (entries) => {
    expect(await readFirst([external(entries)])).toEqual([...numbers]);
  });

  it.each([
    [{ location: 'gone.bin' }, 'gone.bin (no such file or folder), where tensor w has its numbers'],
    [{ location: 'folder' }, 'folder (it is a folder), where tensor w'],
    [
      { location: '../w.bin' },
      "../w.bin (allowed: a file in the model's folder or below it), where tensor w",
    ],
    [{ location: '/etc/passwd' }, "allowed: a file in the model's folder"],
    [{}, "allowed: a file in the model's folder"],
    [{ location: 'w.bin', offset: '4' }, '4 to 28 of '],
    [{ location: 'w.bin', length: '28' }, '(allowed: 0 to 24; is it truncated?), where tensor w'],
    [{ location: 'w.bin', length: '20' }, 'invalid numbers of tensor w: 20 bytes (allowed: 24, as its shape'],
    [
      { location: 'w.bin', offset: '-4' },
      'invalid offset of tensor w: -4 (allowed: a whole number of bytes)',
    ],
    [{ location: 'w.bin', length: '0x18' }, 'invalid length of tensor w: 0x18'],
  ])('are missed: %j', async (entries, words) => {
    await expect(opened([external(entries as Record<string, string>)])).rejects.toThrow(words);
    await expect(opened([external(entries as Record<string, string>)])).rejects.toThrow('model.onnx');
  });
});

describe('numbers in an ONNX model', () => {
  it.each([
    ['too few bytes', tensor('w', FLOAT, bytesField(9, floats(1, 2))), 'of tensor w: 8 bytes (allowed: 24'],
    ['too few numbers', tensor('w', FLOAT, bytesField(4, floats(1, 2))), 'of tensor w: 8 bytes (allowed: 24'],
    ['no numbers', tensor('w', FLOAT, new Uint8Array()), 'invalid numbers of tensor w: 0 bytes'],
  ])('are missed: %s', async (_, bytes, words) => {
    await expect(opened([bytes])).rejects.toThrow(words);
  });

  it('are the nearest float64 at the ends of 64 bits', async () => {
    const [least, most] = [Uint8Array.of(128, 128, 128, 128, 128, 128, 128, 128, 128, 1), 127];
    const largest = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, most);
    const ends = joinBytes([least, largest]);
    expect(await readFirst([tensor('n', INT64, bytesField(7, ends), [2])])).toEqual([-(2 ** 63), 2 ** 63]);
    expect(await readFirst([tensor('n', UINT64, bytesField(11, ends), [2])])).toEqual([2 ** 63, 2 ** 63]);
  });

  const stored = tensor('q', INT8, bytesField(9, Uint8Array.of(1, 2, 3, 4, 5, 255)));
  const float = (value: number) => joinBytes([Uint8Array.of(8 * 2 + 5), floats(value)]);
  const list = (...values: number[]) => bytesField(7, floats(...values));
  const axis = (value: number) => joinBytes([bytesField(1, 'axis'), integerField(3, value)]);

  it('are scaled by a constant that is no tensor, through copies', async () => {
    const one = node('Constant', [], 's', joinBytes([bytesField(1, 'value_float'), float(0.5)]));
    const copy = node('Identity', ['q'], 'copy');
    expect(await readFirst([stored], one, copy, node('DequantizeLinear', ['copy', 's'], 'w'))).toEqual([
      0.5, 1, 1.5, 2, 2.5, -0.5,
    ]);
    const each = node('Constant', [], 's', joinBytes([bytesField(1, 'value_floats'), list(1, 2, 4)]));
    expect(await readFirst([stored], each, node('DequantizeLinear', ['q', 's'], 'w', axis(1)))).toEqual([
      1, 4, 12, 4, 10, -4,
    ]);
  });
});
