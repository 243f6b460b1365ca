import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { writeNpy } from '../../src/files/npy.js';
import { matrixExtensions, readMatrix } from '../../src/files/read-matrix.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const npy = writeNpy({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });

describe('readMatrix', () => {
  it('goes by the extension', async () => {
    expect(await readMatrix(file('a.npy', npy))).toEqual({
      matrix: { data: Float32Array.of(1, 2, 3, 4), rows: 2, columns: 2 },
      kind: 'npy',
      dtype: 'float32',
      header: null,
      rowNames: 0,
      rounded: false,
      countsRows: false,
      countsColumns: false,
    });
    const text = {
      matrix: { data: Float64Array.of(1, 2, 3, 4), rows: 2, columns: 2 },
      kind: 'text',
      dtype: 'float64',
      header: null,
      rowNames: 0,
      rounded: false,
      countsRows: false,
      countsColumns: false,
    };
    expect(await readMatrix(file('a.CSV', '1,2\n3,4\n'))).toEqual(text);
    expect(await readMatrix(file('b.csv', '# two\na,b\n1,2\n3,4\n'))).toEqual({ ...text, header: 2 });
    const utf16 = Buffer.from('\ufeff1,2\r\n3,4\r\n', 'utf16le');
    expect(await readMatrix(file('utf16.csv', utf16))).toEqual(text);
    expect(await readMatrix(file('a.tsv', '1\t2\n3\t4\n'))).toEqual(text);
    expect(await readMatrix(file('a.txt', '1 2\n3 4\n'))).toEqual(text);
  });

  it('says where integers were too large for float64 to hold all of them', async () => {
    const read = async (...values: bigint[]) => {
      const bytes = writeNpy({ data: Float64Array.from(values, Number), shape: [values.length] });
      const at = bytes.length - 8 * values.length;
      bytes.set(new TextEncoder().encode("'<i8'"), new TextDecoder('latin1').decode(bytes).indexOf("'<f8'"));
      values.forEach((value, i) => new DataView(bytes.buffer).setBigInt64(at + 8 * i, value, true));
      return readMatrix(file('large.npy', bytes));
    };
    expect(await read(2n ** 53n - 1n, -5n)).toMatchObject({ dtype: 'int64', rounded: false });
    expect(await read(3n, -(2n ** 53n) - 1n)).toMatchObject({ dtype: 'int64', rounded: true });
  });

  it('goes by the first bytes without one', async () => {
    expect((await readMatrix(file('binary', npy))).dtype).toBe('float32');
    expect((await readMatrix(file('text', '1,2\n3,4\n'))).dtype).toBe('float64');
  });

  it('leaves out the row names of pandas and R', async () => {
    const read = async (name: string) => readMatrix(join(__dirname, 'fixtures', 'row-names', name));
    const plain = await read('pandas_noindex.csv');
    expect(plain).toMatchObject({ matrix: { columns: 5 }, header: 1, rowNames: 0 });
    for (const name of ['pandas_index.csv', 'pandas_default.csv', 'r_csv.csv'])
      expect(await read(name)).toEqual({ ...plain, rowNames: 1 });
  });

  it.each([
    [
      'a.npz',
      /unknown kind of file .*a\.npz: \.npz .*numpy\.save\("a\.npy", numpy\.load\("a\.npz"\)\["name"\]\)/,
    ],
    ['a.mat', /\.mat .*scipy\.io\.loadmat/],
    ['a.H5', /\.h5 .*h5py/],
    ['a.csv.gz', /: \.gz .*; unpack it first: gzip -d\)/],
    ['a.xlsx', /save the sheet as CSV/],
    ['a.parquet', /to_csv/],
    ['a.json', `: .json (allowed: ${matrixExtensions.join(', ')}, - for standard input)`],
  ])('says what to do with %s', async (name, message) => {
    await expect(readMatrix(file(name, 'x'))).rejects.toThrow(message);
  });

  it.each([
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0]), /it begins like a \.gz file .*gzip -d/],
    ['zip', Buffer.from('PK\x03\x04'), /it begins like a \.zip file .*numpy\.load/],
    ['hdf', Buffer.from('\x89HDF\r\n', 'latin1'), /it begins like a \.h5 file/],
    ['matlab', Buffer.from('MATLAB 5.0 MAT-file'), /it begins like a \.mat file/],
  ])('knows %s without an extension, or with a wrong one', async (name, bytes, message) => {
    await expect(readMatrix(file(name, bytes))).rejects.toThrow(message);
    await expect(readMatrix(file(`${name}.csv`, bytes))).rejects.toThrow(message);
  });

  it('names the file in every complaint', async () => {
    const nan = writeNpy({ data: Float32Array.of(1, 2, 3, NaN), shape: [2, 2] });
    await expect(readMatrix(file('nan.npy', nan))).rejects.toThrow(
      /nan\.npy: invalid matrix entry: NaN .* row 1, column 1/,
    );
    await expect(readMatrix(file('text.npy', '1,2\n'))).rejects.toThrow(/text\.npy: invalid \.npy magic/);
    await expect(readMatrix(file('ragged.csv', '1,2\n3\n'))).rejects.toThrow(
      /ragged\.csv: invalid number of cells in line 2/,
    );
    await expect(readMatrix(file('latin1.csv', Buffer.from('Größe\n1\n', 'latin1')))).rejects.toThrow(
      /^invalid text encoding: .*latin1\.csv: byte 0x\w\w at offset 2 /,
    );
    await expect(readMatrix(file('empty.csv', ''))).rejects.toThrow(/empty\.csv: missing data: 0 bytes/);
    await expect(readMatrix(file('binary.csv', npy))).rejects.toThrow(
      /^invalid text: .*binary\.csv: it begins like a \.npy file .*rename/,
    );
    await expect(readMatrix(join(folder, 'gone.npy'))).rejects.toThrow(
      /missing file: .*gone\.npy \(no such file or folder\)/,
    );
    await expect(readMatrix(folder)).rejects.toThrow(/missing file: .*it is a folder/);
    await expect(readMatrix(file('a.mat', npy))).rejects.toThrow(
      /unknown kind of file .*a\.mat: \.mat .*\.npy, \.csv, \.tsv/,
    );
  });
});
