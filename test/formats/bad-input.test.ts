import {
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { execFileSync, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { layersOf } from '../../src/formats/layers/layers-of.js';
import type { ModelFile } from '../../src/formats/model-file.js';
import { openModel } from '../../src/formats/open-model.js';
import { safetensors } from './safetensors/safetensors.js';

const fixtures = join(__dirname, 'fixtures');
const folder = mkdtempSync(join(tmpdir(), 'rankscope-test-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const half = (name: string) => {
  const bytes = readFileSync(join(fixtures, name));
  return bytes.subarray(0, bytes.length >> 1);
};
const replaced = (name: string, from: string, to: string) => {
  const text = readFileSync(join(fixtures, name), 'latin1');
  expect(text).toContain(from);
  return Buffer.from(text.replace(from, to), 'latin1');
};
/** The file with free space of size 0 in its global heap, over which HDF5 would step for ever. */
const endlessHeap = (name: string) => {
  const bytes = Buffer.from(readFileSync(join(fixtures, name)));
  const sizeAt = (at: number) => Number(bytes.readBigUInt64LE(at + 8));
  let at = bytes.indexOf('GCOL') + 16;
  while (bytes.readUInt16LE(at) !== 0) at += 16 + 8 * Math.ceil(sizeAt(at) / 8);
  expect(sizeAt(at)).toBeGreaterThan(0);
  bytes.writeBigUInt64LE(0n, at + 8);
  return bytes;
};
/** A header of 2^17 bytes, as thousands of fields need. */
const longHeader = () => {
  const text = `{'descr': [('${'x'.repeat(2 ** 17)}', '<f4')], 'fortran_order': False, 'shape': (1,), }\n`;
  const start = Buffer.from('\x93NUMPY\x02\0\0\0\0\0', 'latin1');
  start.writeUInt32LE(text.length, 8);
  return Buffer.concat([start, Buffer.from(text), Buffer.alloc(4)]);
};
const f32 = (shape: number[], from = 0) => {
  const size = 4 * shape.reduce((product, n) => product * n, 1);
  return { dtype: 'F32', shape, data_offsets: [from, from + size] };
};

describe('openModel', () => {
  it.each([
    [
      'pointer.safetensors',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n',
      'a Git LFS pointer',
    ],
    [
      'pointer.pt',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n',
      'a Git LFS pointer',
    ],
    ['page.onnx', '<!DOCTYPE html><html><body>404</body></html>', 'a web page'],
    ['page.pt', '\n<html lang="en">', 'a web page'],
    ['empty.h5', '', 'an empty file'],
    ['model.gguf', 'GGUF\x03\0\0\0', 'a GGUF file; its blocks of packed integers are not the weights'],
    ['model.tflite', '\x1c\0\0\0TFL3', 'a TFLite file; its blocks of packed integers'],
    ['model.pt.gz', '\x1f\x8b\x08\0', 'a compressed file; unpack it first: gzip -d'],
    ['notes.md', '# Title', 'unknown kind of model file'],
    ['other.zip', 'PK\x05\x06' + '\0'.repeat(18), 'a zip archive of nothing'],
    ['state.pt', half('state.pt'), 'invalid zip archive'],
    ['state-legacy.pt', half('state-legacy.pt'), 'is it truncated?'],
    ['net.onnx', half('net.onnx'), 'is it truncated?'],
    ['model.h5', half('model.h5'), 'invalid HDF5 file: '],
    // the text of its attributes lies in a heap, which is read when it is asked for
    ['heap.h5', replaced('model.h5', 'GCOL', 'GCOX'), 'invalid HDF5 file: '],
    ['endless.h5', endlessHeap('model.h5'), 'invalid HDF5 file: '],
    ['model.keras', half('model.keras'), 'invalid zip archive'],
    ['array.npy', half('array.npy'), 'it is truncated'],
    ['fields.npy', longHeader(), 'a structured array'],
    [
      'big.safetensors',
      Uint8Array.of(0, 0, 0, 0, 255, 0, 0, 0, 0x7b),
      'a header within the file, of at most 100 MB',
    ],
    [
      'other.json',
      '{"weightsManifest": [{"paths": ["../secret"], "weights": []}]}',
      'the path of a file in the folder',
    ],
    ['list.json', '[1]', 'invalid '],
    ['loop.pt', Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0x55), 'is it truncated?'],
    ['code.pt', Uint8Array.of(0x80, 4, 0x99), 'the opcode 0x99'],
  ])('refuses %s', async (name, content, words) => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
    const path = write(name, bytes);
    await expect(openModel(path)).rejects.toThrow(words);
    await expect(openModel(path)).rejects.toThrow(path);
  });

  it('refuses a missing file, a folder without a model and one with two', async () => {
    await expect(openModel(join(folder, 'none.pt'))).rejects.toThrow('no such file or folder');
    for (const [name, files] of [
      ['nothing', []],
      ['two', ['a.onnx', 'b.onnx']],
      ['saved', ['saved_model.pb']],
    ] as const) {
      mkdirSync(join(folder, name));
      for (const file of files) write(join(name, file), 'x');
    }
    await expect(openModel(join(folder, 'nothing'))).rejects.toThrow('missing model: ');
    await expect(openModel(join(folder, 'saved'))).rejects.toThrow('a TensorFlow SavedModel');
    await expect(openModel(join(folder, 'two'))).rejects.toThrow('one model; name it: a.onnx, b.onnx');
  });

  it('names a file without letting its name control the terminal', async () => {
    const path = write('a\n\u001b[31m.safetensors', 'short');
    await expect(openModel(path)).rejects.toThrow('a\\n\\u001b[31m.safetensors: invalid .safetensors file');
  });

  it.skipIf(process.platform === 'win32')('reads a pipe as it reads a file', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const writer = spawn('sh', ['-c', 'cat "$1" > "$2"', 'sh', join(fixtures, 'array.npy'), path]);
    const [piped, plain] = [await openModel(path), await openModel(join(fixtures, 'array.npy'))];
    const read = async (model: ModelFile) => [...(await model.tensors[0]!.read(0, 6))];
    expect(await read(piped)).toEqual(await read(plain));
    piped.close();
    plain.close();
    writer.kill();
  });

  it('names the shard that is missing, and reads no file outside the folder', async () => {
    const index = (map: object) => write('m.safetensors.index.json', JSON.stringify({ weight_map: map }));
    await expect(openModel(index({ w: 'gone.safetensors' }))).rejects.toThrow('gone.safetensors');
    await expect(openModel(index({ w: '../x.safetensors' }))).rejects.toThrow('a file beside the index');
  });

  it('reads beyond 2^31 bytes', async () => {
    const header = { big: f32([2 ** 10, 2 ** 20]), last: f32([2, 3], 2 ** 32) };
    const start = safetensors(header, new Uint8Array());
    const path = write('large.safetensors', start);
    const handle = openSync(path, 'r+');
    ftruncateSync(handle, start.length + 2 ** 32 + 24);
    writeSync(
      handle,
      new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer),
      0,
      24,
      start.length + 2 ** 32,
    );
    const model = await openModel(path);
    expect([...(await model.tensors[1]!.read(1, 4))]).toEqual([2, 3, 4, 5]);
    const [big] = layersOf(model).layers;
    expect(big).toMatchObject({ rows: 1024, columns: 2 ** 20 });
    expect([...(await big!.read(1023, 1, 2 ** 20 - 2, 2))]).toEqual([0, 0]);
    model.close();
    await expect(model.tensors[1]!.read(0, 1)).rejects.toThrow('before it is closed');
  });

  it('warns of a wrong checksum once the entry is read', async () => {
    const bytes = Uint8Array.from(readFileSync(join(fixtures, 'arrays.npz')));
    const name = Buffer.from(bytes).indexOf('big.npy');
    // the first number of the array, behind a header of 128 bytes
    const place = name + 'big.npy'.length + Buffer.from(bytes).readUInt16LE(name - 2) + 128;
    bytes[place]! ^= 1;
    const model = await openModel(write('damaged.npz', bytes));
    expect(model.notes).toContain('the checksum of big.npy is wrong: the file may be damaged');
    model.close();
  });
});
