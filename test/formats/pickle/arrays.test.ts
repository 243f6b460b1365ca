import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../src/formats/open-model.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-pickle-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The array of all pickles. Its bytes have a quote, a backslash, a line end, a NUL, and some that are not UTF-8. */
const numbers = Float32Array.of(1, -2.5, 0.1, 1e-3, 65536.34, 7);
const bytes = Buffer.from(numbers.buffer);
const latin1 = bytes.toString('latin1');

const dtype = "cnumpy\ndtype\n(S'f4'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb";
const array = (content: string) =>
  `cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I2\nI3\nt${dtype}I00\n${content}tb`;
const length = (count: number) => String.fromCharCode(count, 0, 0, 0);

/** As Python's raw-unicode-escape, which the protocol 0 of Python 3 has. */
const escapedText = latin1.replace(
  /[^ -[\]-ÿ]/g,
  (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
);
/** As repr() of Python 2. */
const escapedBytes = latin1.replace(
  /[^ -&(-[\]-~]/g,
  (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
);

const pickles: Readonly<Record<string, string>> = {
  'protocol 0 of Python 3': array(`c_codecs\nencode\n(V${escapedText}\nVlatin1\ntR`),
  'protocol 0 of Python 2': array(`S'${escapedBytes}'\n`),
  'protocol 2 of Python 2': array(`T${length(bytes.length)}${latin1}`),
  'protocol 5': `cnumpy.core.numeric\n_frombuffer\n(\x96${length(bytes.length)}\0\0\0\0${latin1}${dtype}(I2\nI3\ntVC\ntR`,
};

describe('an array of numpy in a pickle', () => {
  it.each(Object.entries(pickles))('of %s', async (name, pickle) => {
    const path = join(folder, 'array.pkl');
    writeFileSync(path, `(dVw\n${pickle}s.`, 'latin1');
    const model = await openModel(path);
    expect(model.skipped, name).toEqual([]);
    expect(model.notes).toEqual([]);
    expect(model.tensors.map((one) => [one.name, one.dtype, one.shape])).toEqual([['w', 'float32', [2, 3]]]);
    expect(await model.tensors[0]!.read(0, 6)).toEqual(numbers);
    model.close();
  });

  it('in Fortran order, of protocol 5', async () => {
    const path = join(folder, 'fortran.pkl');
    writeFileSync(path, `(dVw\n${pickles['protocol 5']!.replace('VC\n', 'VF\n')}s.`, 'latin1');
    const model = await openModel(path);
    const [a, b, c, d, e, f] = numbers;
    expect([...(await model.tensors[0]!.read(0, 6))]).toEqual([a, c, e, b, d, f]);
    model.close();
  });
});
