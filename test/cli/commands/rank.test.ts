import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { writeNpy } from '../../../src/files/npy.js';
import type { RankResult } from '../../../src/rank/rank.js';
import { rankscope, rankscopeInTurn } from '../rankscope.js';

const features = join(__dirname, '../../files', 'fixtures', 'features.npy');
const npyFixtures = JSON.parse(
  readFileSync(join(__dirname, '../../files', 'fixtures', 'npy.json'), 'utf8'),
) as {
  bad: Record<string, string>;
};

const folder = mkdtempSync(join(tmpdir(), 'rankscope-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = (args: string[], input: string | Uint8Array = '') => rankscope(['rank', ...args], { input });

function json(args: string[], input?: string | Uint8Array): Record<string, unknown> {
  const { stdout, stderr, status } = run([...args, '--json'], input);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(stdout) as Record<string, unknown>;
}

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

describe('rankscope rank --json', () => {
  it('prints one object with all the keys', () => {
    const report = json([features]);
    expect(Object.keys(report)).toEqual([
      ...['format', 'file', 'kind', 'rows', 'columns', 'dtype', 'header', 'rowNames', 'rounded', 'engine'],
      ...['ranks', 'largest', 'smallest', 'metrics', 'powerLaw', 'notes', 'spectrum'],
    ]);
    // Two of the twelve channels are dead.
    const absolute = (report.largest as number) * 20 * 2 ** -23;
    expect(report).toMatchObject({
      format: 1,
      file: features,
      kind: 'npy',
      rows: 12,
      columns: 20,
      dtype: 'float32',
      header: null,
      rowNames: 0,
      rounded: false,
      engine: 'wasm',
      spectrum: null,
    });
    expect(report.ranks).toEqual([
      {
        tolerance: {
          rule: 'numpy',
          absolute,
          lower: expect.closeTo(absolute, 12),
          upper: expect.closeTo(absolute, 12),
        },
        rank: 10,
        lower: 10,
        upper: 10,
        certified: true,
        rankRatio: 10 / 12,
        method: 'full',
        certifiedAt: null,
      },
    ]);
    expect(Object.keys(report.metrics as object)).toEqual([
      ...[
        'stableRank',
        'effectiveRank',
        'participationRatio',
        'spectralEntropy',
        'nuclearNorm',
        'conditionNumber',
      ],
    ]);
    // Infinity has no JSON; ml-matrix gives the dead channels' singular values as exact zeros.
    const exact = json([features, '--engine', 'ml-matrix']);
    expect(exact.smallest).toBe(0);
    expect((exact.metrics as { conditionNumber: unknown }).conditionNumber).toBeNull();
  });

  it('lists the spectrum with --spectrum', () => {
    const { spectrum, largest } = json([features, '--spectrum']) as {
      spectrum: number[];
      largest: number;
    };
    expect(spectrum).toHaveLength(12);
    expect(spectrum[0]).toBe(largest);
  });

  it('has the same keys for every matrix and any number of tolerances', () => {
    const keys = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.slice(0, 1).map(keys)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keys(inner)]))
          : null;
    const { notes: _, powerLaw: __, ...shape } = keys(json([features])) as Record<string, unknown>;
    for (const args of [
      [features, '--tolerance', 'numpy,relative:0.1'],
      [file('names.csv', ',a,b\n0,1,2\n1,3,4\n')],
      [file('none.npy', writeNpy({ data: new Float64Array(0), shape: [0, 3] }))],
      [features, '--engine', 'ml-matrix'],
    ]) {
      expect(keys(json(args))).toMatchObject(shape);
      expect(Object.keys(json(args))).toHaveLength(17);
    }
  });

  it('takes rows less their means with --center, and says so', () => {
    // rows that differ in a constant alone: rank 2 as they are, 1 less their means
    const path = file('centered.csv', '1,2,4\n11,12,14\n');
    const [asIs, centered] = [json([path]), json([path, '--center'])];
    expect((asIs.ranks as RankResult[])[0]).toMatchObject({ rank: 2, certified: true });
    expect((centered.ranks as RankResult[])[0]).toMatchObject({ rank: 1 });
    expect(asIs.notes).toEqual([]);
    expect(centered.notes).toContain('the mean of each row is subtracted');
    expect(Object.keys(centered)).toEqual(Object.keys(asIs));
  });

  it('takes several tolerances, in order', () => {
    const report = json([
      '--tolerance',
      'relative:0.5',
      '--tolerance',
      'torch:rtol=1e-3,atol=1e-2',
      features,
    ]);
    expect((report.ranks as RankResult[]).map(({ tolerance }) => tolerance.rule)).toEqual([
      'relative:0.5',
      'torch:rtol=0.001,atol=0.01',
    ]);
    const parted = json([features, '--tolerance', 'relative:0.5,torch:rtol=1e-3,atol=1e-2']);
    expect(parted).toEqual(report);
  });

  it('reads standard input, .npy or text', () => {
    expect(json(['-'], readFileSync(features))).toEqual({ ...json([features]), file: '-' });
    expect(json(['-'], Buffer.from('\ufeff1,2\r\n2,4\r\n', 'utf16le'))).toEqual(json(['-'], '1,2\n2,4\n'));
    expect(json(['-'], '1,2\n2,4\n')).toMatchObject({
      rows: 2,
      columns: 2,
      dtype: 'float64',
      ranks: [{ rank: 1, rankRatio: 0.5 }],
    });
    expect(json(['--tolerance', 'numpy', '-'], '1 2\n2 5\n')).toMatchObject({ ranks: [{ rank: 2 }] });
  });

  it('reads text files', () => {
    expect(json([file('a.csv', 'x,y\n1,0\n0,2\n0,0\n')])).toMatchObject({
      header: 1,
      rows: 3,
      columns: 2,
      ranks: [{ rank: 2 }],
      largest: 2,
      smallest: 1,
    });
    expect(json([file('a.tsv', '3\t0\n')])).toMatchObject({ rows: 1, columns: 2, ranks: [{ rank: 1 }] });
  });

  it('knows the zero and the empty matrix', () => {
    const zero = json([file('zero.npy', writeNpy({ data: new Float32Array(6), shape: [2, 3] }))]);
    expect(zero).toMatchObject({
      ranks: [{ rank: 0, rankRatio: 0 }],
      largest: 0,
      metrics: { stableRank: 0, conditionNumber: null },
    });
    const empty = json([
      file('empty.npy', writeNpy({ data: new Float32Array(0), shape: [0, 3] })),
      '--spectrum',
    ]);
    expect(empty).toMatchObject({ rows: 0, columns: 3, ranks: [{ rank: 0, rankRatio: 0 }], spectrum: [] });
  });
});

describe('rankscope rank', () => {
  const plain = (args: string[], input?: string | Uint8Array) => {
    const { stdout, stderr, status } = run(args, input);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    return stdout;
  };

  it('prints a table', () => {
    const table = plain([features, '--tolerance', 'numpy', '--tolerance', 'energy:0.9']);
    expect(table).toMatch(/^size +12 x 20 \(rows x columns\), float32$/m);
    expect(table).toMatch(/^numpy +\S+ +10 +0\.8333 +yes$/m);
    expect(table).toMatch(/^energy:0\.9 +\S+ +\d +0\.\d{4} +yes$/m);
    expect(table).toMatch(/^effective rank +\d/m);
    const exact = plain([features, '--engine', 'ml-matrix']);
    expect(exact).toMatch(/^numpy +\S+ +10 +0\.8333 +no$/m);
    expect(exact).toMatch(/^condition number +Infinity$/m);
  });

  it('plots the spectrum', () => {
    const plot = plain([features, '--spectrum']);
    expect(plot).toMatch(/^ +1 \|\*/m);
    expect(plot).toMatch(/---- threshold of numpy/);
    expect(plain([features, '--spectrum', '--engine', 'ml-matrix'])).toMatch(/2 more: exactly zero/);
    const wide = writeNpy({
      data: Float64Array.from({ length: 90000 }, (_, i) => Math.sin(i * i)),
      shape: [300, 300],
    });
    plain([file('wide.npy', wide), '--spectrum']);
  });

  it('points at what is remarkable', () => {
    expect(plain(['-'], '0,0\n0,0\n')).toMatch(/^note: every entry is zero$/m);
    expect(plain(['-'], '0,0\n0,0\n')).toMatch(/^numpy .* 0 .* yes$/m);
    const products = Array.from({ length: 30 }, (_, i) =>
      Array.from({ length: 30 }, (_, j) => (i + 1) * (j + 1)),
    );
    expect(plain(['-', '--tolerance', 'absolute:1e-13'], products.join('\n'))).toMatch(
      /^absolute:1e-13 .* \d+ \(1 to 30\) .* no$[^]*^note: \(a to b\): [^]*^note: certified at relative:1e-\d+: rank 1$/m,
    );
    expect(plain(['-'], ',0,1\n0,1,2\n1,2,4\n')).toMatch(
      /^note: line 1 is a header, column 1 row names: both are left out$/m,
    );
    expect(plain(['-'], 'id,a\n0,1\n1,2\n2,4\n')).toMatch(/^note: column 1 counts the rows: /m);
    expect(plain(['-', '--tolerance', 'torch:rtol=1'], '3,0\n0,3\n')).toMatch(
      /^torch:rtol=1 +3 +0 +0\.0000 +yes$[^]*^note: a threshold at or above the largest .* gives rank 0$/m,
    );
    expect(plain(['-'], '1,2\n2,4\n')).toMatch(/^numpy +\S+ +1 .* yes$/m);
    expect(plain(['-'], 'a,b\n1,2\n')).toMatch(/^note: line 1 is read as a header and left out$/m);
    expect(plain([features, '--engine', 'ml-matrix'])).toMatch(
      /^note: the ml-matrix engine cannot certify ranks$/m,
    );
    expect(plain(['-'], '1\n2\n')).toMatch(
      /^note: fewer columns than rows: the rank ratio cannot exceed 0\.5000$/m,
    );
    const header = "{'descr': '<f2', 'fortran_order': False, 'shape': (1, 1), }".padEnd(117) + '\n';
    const half = Buffer.concat([
      Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]),
      Buffer.from(header),
      Buffer.from([0, 0x3c]),
    ]);
    expect(plain(['-'], half)).toMatch(/^note: float16 rounds at 2\^-11/m);
    expect(plain(['-', '--tolerance', 'relative:0.001'], half)).not.toMatch(/note:/);
  });
});

describe('rankscope rank, bad input', () => {
  const broken = (name: string) => Buffer.from(npyFixtures.bad[name]!, 'base64');
  const nan = writeNpy({ data: Float64Array.of(1, 2, 3, 4, 5, NaN), shape: [2, 3] });

  const cases: [string, () => { args: string[]; input?: string | Uint8Array }, RegExp][] = [
    [
      'unknown rule',
      () => ({ args: [features, '--tolerance', 'foo'] }),
      /unknown tolerance: foo .*numpy, torch, .*relative:R/,
    ],
    [
      'malformed rule',
      () => ({ args: [features, '--tolerance', 'relative:x'] }),
      /invalid tolerance: relative:x .*finite R >= 0/,
    ],
    [
      'unknown engine',
      () => ({ args: [features, '--engine', 'gpu'] }),
      /unknown engine: gpu .*auto, .*ml-matrix/,
    ],
    ['unknown flag', () => ({ args: [features, '--tolerence', 'numpy'] }), /tolerence \(near: --tolerance/],
    [
      'repeated flag',
      () => ({ args: [features, '--engine', 'wasm', '--engine=wasm'] }),
      /invalid flag: --engine \(allowed: once; it is given twice\)/,
    ],
    [
      'too large a singular value',
      () => ({ args: [file('huge.csv', '1.7e308,1.7e308\n1.7e308,1.7e308\n')] }),
      /huge\.csv: invalid largest singular value: Infinity/,
    ],
    ['no file', () => ({ args: [] }), /\S/],
    [
      'missing file',
      () => ({ args: [join(folder, 'gone.npy')] }),
      /missing file: .*gone\.npy \(no such file or folder\)/,
    ],
    ['folder', () => ({ args: [folder] }), /missing file: .*it is a folder/],
    ['unknown extension', () => ({ args: [file('a.mat', 'x')] }), /unknown kind of file .*: \.mat .*\.npy/],
    [
      'truncated .npy',
      () => ({ args: ['-'], input: readFileSync(features).subarray(0, -1) }),
      /invalid \.npy data: 959 bytes .*960 bytes/,
    ],
    [
      'truncated header',
      () => ({ args: ['-'], input: readFileSync(features).subarray(0, 40) }),
      /invalid \.npy header: 30 bytes .*118 bytes/,
    ],
    ['wrong .npy', () => ({ args: [file('a.npy', '1,2\n')] }), /a\.npy: invalid \.npy magic: 31 2c 32 0a/],
    ['object .npy', () => ({ args: [file('object.npy', broken('object'))] }), /invalid \.npy dtype: \|O/],
    [
      'structured .npy',
      () => ({ args: [file('structured.npy', broken('structured'))] }),
      /invalid \.npy dtype: a structured array/,
    ],
    [
      'three dimensions',
      () => ({ args: [file('three.npy', writeNpy({ data: new Float32Array(8), shape: [2, 2, 2] }))] }),
      /\(2, 2, 2\) .*two dimensions/,
    ],
    ['NaN', () => ({ args: [file('nan.npy', nan)] }), /invalid matrix entry: NaN .*row 1, column 2/],
    [
      'NaN in text',
      () => ({ args: [file('nan.csv', '1,2\n3,nan\n')] }),
      /invalid cell in line 2, column 2: nan/,
    ],
    [
      'ragged text',
      () => ({ args: [file('ragged.csv', '1,2\n3\n')] }),
      /invalid number of cells in line 2: 1 .*2, as in line 1/,
    ],
    [
      'words in text',
      () => ({ args: [file('words.csv', '1,2\n3,x\n')] }),
      /invalid cell in line 2, column 2: x/,
    ],
    ['no input', () => ({ args: ['-'], input: '' }), /missing data: 0 bytes/],
  ];

  let results: { stdout: string; stderr: string; status: number | null }[];
  beforeAll(() => {
    const given = cases.map(([, of]) => of());
    const inTurn = rankscopeInTurn(
      given.filter(({ input }) => input === undefined).map(({ args }) => ['rank', ...args, '--json']),
    );
    results = given.map(({ args, input }) =>
      input === undefined ? inTurn.shift()! : run([...args, '--json'], input),
    );
  });

  it.each(cases.map(([name, , message], i) => [name, i, message] as const))(
    '%s: one line, no result, no stack trace',
    (_, i, message) => {
      const { stdout, stderr, status } = results[i]!;
      expect(status).toBeGreaterThan(0);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^rankscope: [^\n]+\n$/);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/ {2}at |node:/);
    },
  );
});
