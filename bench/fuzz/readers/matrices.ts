import { Readable } from 'node:stream';
import { npyDtypes, type NpyDtype } from '../../../src/files/npy-dtype.js';
import { readMatrix, readTable } from '../../../src/index.js';
import type { Stream } from '../../../src/random/stream.js';
import { chance, pick } from '../choices.js';
import { type Input, inputOf } from '../input.js';
import { type Reader, type Seed, WrongAnswer } from '../reader.js';

/** Numbers that every element type holds; bool holds those of the first two. */
const values = [0, 1, 3, 7, 1, 2, 5, 0, 100, 4, 6, 11];

/** A `.npy` file as a person may have one: what is in it, and how it is written. */
interface NpySpec {
  readonly dtype: NpyDtype;
  readonly shape: readonly number[];
  readonly version: number;
  readonly fortran: boolean;
  readonly bigEndian: boolean;
}

const npySpecs: readonly NpySpec[] = npyDtypes.flatMap((dtype, i) =>
  [[3, 4], [12], []].map((shape, j) => ({
    ...{ dtype, shape, version: 1 + ((i + j) % 3) },
    ...{ fortran: (i + j) % 2 === 1, bigEndian: i % 3 === 2 },
  })),
);

const letters: Readonly<Record<string, string>> = { bool: 'b', int: 'i', uint: 'u', float: 'f' };

function writeSpec({ dtype, shape, version, fortran, bigEndian }: NpySpec, pad = 0): Uint8Array {
  const [, kind = '', bits = '8'] = /^([a-z]+)(\d*)$/.exec(dtype)!;
  const size = Number(bits || 8) / 8;
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const order = size === 1 ? '|' : bigEndian ? '>' : '<';
  const text = `{'descr': '${order}${letters[kind]}${size}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${tuple}), }${' '.repeat(pad)}\n`;
  const prefix = version === 1 ? 10 : 12;
  const data = dataOf({ dtype, shape });
  const [rows = 1, columns = 1] = shape.length === 1 ? [1, shape[0]] : shape;
  const bytes = new Uint8Array(prefix + text.length + data.length * size);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), version, 0]);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(new TextEncoder().encode(text), prefix);
  for (const [i, value] of data.entries()) {
    const place = fortran ? (i % columns) * rows + Math.floor(i / columns) : i;
    put(view, prefix + text.length + place * size, kind, size, value, !bigEndian);
  }
  return bytes;
}

/** Returns the numbers of a file, row by row. */
function dataOf({ dtype, shape }: Pick<NpySpec, 'dtype' | 'shape'>): number[] {
  const count = shape.reduce((product, n) => product * n, 1);
  return values.slice(0, count).map((value) => (dtype === 'bool' ? Number(value > 1) : value));
}

function put(view: DataView, at: number, kind: string, size: number, value: number, little: boolean): void {
  if (kind === 'float' && size === 8) view.setFloat64(at, value, little);
  else if (kind === 'float' && size === 4) view.setFloat32(at, value, little);
  else if (kind === 'float') view.setUint16(at, half(value), little);
  else if (size === 8) view.setBigUint64(at, BigInt(value), little);
  else if (size === 4) view.setUint32(at, value, little);
  else if (size === 2) view.setUint16(at, value, little);
  else view.setUint8(at, value);
}

/** The bits of a whole number as float16. */
function half(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) | ((value / 2 ** exponent - 1) * 1024);
}

/** Returns the matrix of a file as plain data, checked for what holds of every matrix. */
async function plainMatrix(path: string): Promise<unknown> {
  const { matrix, dtype } = await readMatrix(path);
  const { rows, columns, data } = matrix;
  if (data.length !== rows * columns)
    throw new WrongAnswer(`gives ${data.length} numbers for ${rows} x ${columns}`);
  return { rows, columns, dtype, data: Array.from(data) };
}

const npySeeds: readonly Seed[] = npySpecs.map((spec) => {
  const [rows = 1, columns = 1] = spec.shape.length === 1 ? [1, spec.shape[0]] : spec.shape;
  const answer = { rows, columns, dtype: spec.dtype, data: dataOf(spec) };
  return { input: inputOf({ 'matrix.npy': writeSpec(spec) }), answer };
});

/** Returns the same array in another version of the format, with other padding. */
function rewriteNpy(stream: Stream, { files }: Input): Input {
  const place = npySeeds.findIndex(({ input }) => input.files.get('matrix.npy') === files.get('matrix.npy'));
  const spec = { ...npySpecs[place]!, version: pick(stream, [1, 2, 3]), fortran: chance(stream, 0.5) };
  return inputOf({ 'matrix.npy': writeSpec(spec, pick(stream, [0, 1, 60, 1000])) });
}

/** Returns the file with a length of its header that ends at the first line feed. */
function repairNpy(_: string, bytes: Uint8Array): Uint8Array {
  const out = bytes.slice();
  const prefix = out[6] === 1 ? 10 : 12;
  const end = out.indexOf(10, prefix);
  if (end < 0 || out.length < prefix) return out;
  const view = new DataView(out.buffer);
  if (prefix === 10) view.setUint16(8, end + 1 - prefix, true);
  else view.setUint32(8, end + 1 - prefix, true);
  return out;
}

const rows = [
  [1, -2.5, 3e-3, 4],
  [0, 12, -7, 1e10],
  [5, 6, 0.125, -1],
];
const cells = rows.map((row) => row.map(String));
const names = ['a', 'b', 'c', 'd'];

const written = (lines: readonly (readonly string[])[], mark: string, end = '\n') =>
  lines.map((line) => line.join(mark) + end).join('');

const textFiles: Readonly<Record<string, string>> = {
  'matrix.csv': written(cells, ','),
  'matrix.tsv': written([names, ...cells], '\t'),
  'matrix.txt': written(cells, ' '),
  'comments.csv': `# a comment\n\n${written([names, ...cells], ';', '\r\n')}\n\n`,
  'quotes.csv': written(
    [names, ...cells].map((line) => line.map((cell) => `"${cell}"`)),
    ',',
  ),
};

const textAnswer = { rows: 3, columns: 4, dtype: 'float64', data: rows.flat() };

const textSeeds = Object.entries(textFiles).map(([name, text]) => {
  return { input: inputOf({ [name]: text }), answer: textAnswer };
});

/** Returns the same numbers with other ends of lines, in another encoding. */
function rewriteText(stream: Stream, { files }: Input): Input {
  const [[name, bytes]] = [...files] as [[string, Uint8Array]];
  let text = new TextDecoder().decode(bytes).replaceAll('\r\n', '\n');
  if (chance(stream, 0.5)) text = text.replace(/\n+$/, '');
  text = text.replaceAll('\n', pick(stream, ['\n', '\r\n', '\r']));
  if (chance(stream, 0.3)) text = `\ufeff${text}`;
  return inputOf({ [name]: Uint8Array.from(Buffer.from(text, pick(stream, ['utf8', 'utf8', 'utf16le']))) });
}

const onlyFile = (folder: string[]) => folder[0]!;

/** Reads the one file there is, whatever it is called after it was changed. */
async function readOnly(): Promise<unknown> {
  const { readdir } = await import('node:fs/promises');
  return plainMatrix(onlyFile(await readdir('.')));
}

/** Reads standard input, which for the time being is the one file there is. */
async function readPiped(): Promise<unknown> {
  const { readdir, readFile } = await import('node:fs/promises');
  const bytes = await readFile(onlyFile(await readdir('.')));
  const own = Object.getOwnPropertyDescriptor(process, 'stdin')!;
  Object.defineProperty(process, 'stdin', { value: Readable.from([bytes]), configurable: true });
  try {
    return await plainMatrix('-');
  } finally {
    Object.defineProperty(process, 'stdin', own);
  }
}

export const matrixReaders: readonly Reader[] = [
  { name: 'npy', seeds: () => npySeeds, read: readOnly, rewrite: rewriteNpy, repair: repairNpy },
  { name: 'text', seeds: () => textSeeds, read: readOnly, rewrite: rewriteText },
  {
    name: 'stdin',
    seeds: () => [...npySeeds, ...textSeeds],
    read: readPiped,
    repair: repairNpy,
    named: false,
  },
  {
    name: 'table',
    seeds: () => [
      {
        input: inputOf({ 'table.csv': 'block_name,rank_ratio\npointwise,0.5\n"a, ""b""",\n' }),
        answer: [
          { blockName: 'pointwise', rankRatio: 0.5 },
          { blockName: 'a, "b"', rankRatio: null },
        ],
      },
    ],
    read: () => readTable('table.csv'),
  },
];
