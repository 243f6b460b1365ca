import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesSource } from '../../../src/formats/byte-source.js';
import { storedElements } from '../../../src/formats/elements.js';
import { openModel } from '../../../src/formats/open-model.js';
import { PyCall, PyDict, PyGlobal, PyList, PyStorage } from '../../../src/formats/pickle/python-values.js';
import { torchTensors } from '../../../src/formats/torch/torch-tensors.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-torch-'));
afterAll(() => rmSync(folder, { recursive: true }));

const numbers = Float32Array.of(1, 2, 3, 4);

describe('torchTensors', () => {
  const storage = new PyStorage(new PyList(['storage', new PyGlobal('torch.FloatStorage'), '0', 'cpu', 4]));
  const tensor = (rows: number, metadata = new PyDict()) => {
    const [shape, strides] = [new PyList([rows, 2]), new PyList([2, 1])];
    const args = [storage, 0, shape, strides, false, new PyDict(), metadata];
    return new PyCall(new PyGlobal('torch._utils._rebuild_tensor_v2'), args);
  };
  const stored = () => storedElements(bytesSource('0', new Uint8Array(numbers.buffer)), 0, 4, 'float32');

  it('gives the numbers of a view with the bit of the other sign, beside the plain ones', async () => {
    const negative = new PyDict();
    negative.entries.set('neg', true);
    const { tensors } = await torchTensors(new PyList([tensor(2), tensor(2, negative)]), stored);
    const read = await Promise.all(tensors.map(async (one) => [...(await one.read(0, 4))]));
    expect(read).toEqual([[...numbers], [-1, -2, -3, -4]]);
  });

  it('refuses a storage that is missing or too short', async () => {
    await expect(torchTensors(new PyList([tensor(2)]), () => undefined)).rejects.toThrow(
      'missing storage of 0: 0',
    );
    await expect(torchTensors(new PyList([tensor(3)]), stored)).rejects.toThrow(
      'invalid tensor 0: 6 numbers of its storage (allowed: at most 4, which it has)',
    );
  });
});

it('reads the other tensors of an old file where some have complex numbers', async () => {
  const tensor = (type: string, key: number, count: number) =>
    `ctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\n${type}\nS'${key}'\nS'cpu'\nI${count}\nNtQ` +
    `I0\n(I2\nI2\nt(I2\nI1\ntI00\n(dtR`;
  const count = (n: number) => Buffer.from(BigInt64Array.of(BigInt(n)).buffer);
  const path = join(folder, 'complex.pt');
  writeFileSync(
    path,
    Buffer.concat([
      Buffer.from(
        `L119547037146038801333356L\n.I1001\n.(dS'little_endian'\nI01\ns.` +
          `(dS'c'\n${tensor('ComplexFloatStorage', 0, 4)}sS'w'\n${tensor('FloatStorage', 1, 4)}s.(lS'0'\naS'1'\na.`,
      ),
      count(4),
      Buffer.alloc(32),
      count(4),
      Buffer.from(numbers.buffer),
    ]),
  );
  const model = await openModel(path);
  expect(model.skipped).toEqual([
    { name: 'c', reason: 'numbers of type torch.ComplexFloatStorage are not read' },
  ]);
  expect(model.tensors.map(({ name }) => name)).toEqual(['w']);
  expect(await model.tensors[0]!.read(0, 4)).toEqual(numbers);
  model.close();
});
