import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drawRun } from '../../../src/report/draw-run.js';
import { createStream, nextWord } from '../../../src/random/stream.js';
import { readManifest, type Manifest } from '../../../src/runs/study-run.js';
import { mergeRuns } from '../../../src/runs/merge-runs.js';
import { recountRun } from '../../../src/runs/recount-run.js';
import { readRows } from '../../../src/runs/read-study.js';
import { runStudy, type RunOptions } from '../../../src/runs/run-study.js';
import { readCumulativePoints, readSpectrumPoints } from '../../../src/runs/spectrum-points.js';
import { summariseAtTolerances, summariseMetrics } from '../../../src/runs/summarise-spectra.js';
import { readSummary } from '../../../src/runs/read-study.js';
import type { StudyInput } from '../../../src/study/study.js';
import { rowsOf } from '../rows-of.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-checksum-'));
afterAll(() => rmSync(base, { recursive: true }));
let out = '';
let count = 0;
beforeEach(() => (out = join(base, `run-${count++}`)));

/** How many random bits are flipped; RANKSCOPE_FLIPS=300 for a long run. Their seed is told with each failure. */
const FLIPS = Number(process.env.RANKSCOPE_FLIPS ?? 12);
const seed = Date.now() % 2 ** 32;
const stream = createStream(seed, 'flips');
const below = (limit: number) => Math.floor((nextWord(stream) / 2 ** 32) * limit);

const study: StudyInput = {
  blocks: ['pointwise'],
  activations: ['relu', 'silu'],
  ratios: [0.5, 1],
  layers: 2,
  spectra: true,
  protocol: { channels: '6:12' },
};
const whole = join(base, 'whole');
const cut = join(base, 'cut'); // stopped after three of its four layers, each in a part of its own
const again: Partial<RunOptions> = { resume: true };

async function run(folder: string, options: Partial<RunOptions> = {}) {
  const said: string[] = [];
  const settings = { out: folder, workers: 0, partSeconds: 0, onDamage: (word: string) => said.push(word) };
  const { manifest, summary } = await runStudy(study, { ...settings, ...options });
  return { manifest, summary, said };
}

beforeAll(async () => {
  await run(whole);
  const controller = new AbortController();
  await run(cut, { signal: controller.signal, onProgress: ({ done }) => done >= 6 && controller.abort() });
});

/** Flips one bit of a file, by default a random one, and says which. */
function flip(path: string, bit = below(8 * readFileSync(path).length)): string {
  const bytes = readFileSync(path);
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  writeFileSync(path, bytes);
  return `bit ${bit} of ${path}, seed ${seed}`;
}

const partsOf = (folder: string) =>
  readdirSync(join(folder, 'rows')).map((name) => join(folder, 'rows', name));
const damaged = (path: string, remedy = '--resume measures its layers again') =>
  new RegExp(
    `^invalid file: ${path} \\(allowed: the bytes .* SHA-256 [0-9a-f]{64}; this one is damaged: ${remedy}\\)$`,
  );

async function expectWhole(): Promise<void> {
  for (const name of ['rows.parquet', 'ranks.csv', 'summary.csv'])
    expect(readFileSync(join(out, name)).equals(readFileSync(join(whole, name)))).toBe(true);
  expect(readdirSync(out).sort()).toEqual(['ranks.csv', 'rows.parquet', 'run.json', 'summary.csv']);
}

describe('a flipped bit', () => {
  it('of a table is noticed by all that read it', async () => {
    cpSync(whole, out, { recursive: true });
    const rows = join(out, 'rows.parquet');
    for (let i = 0; i < FLIPS; i++) {
      cpSync(join(whole, 'rows.parquet'), rows);
      const which = flip(rows);
      await expect(readRows(out).next(), which).rejects.toThrow(damaged(rows));
    }
    const readers: (() => Promise<unknown>)[] = [
      () => recountRun(out, ['relative:0.1'], { out: `${out}-x` }),
      () => mergeRuns([out], { out: `${out}-x` }),
      () => readSpectrumPoints(out),
      () => readCumulativePoints(out),
      () => summariseAtTolerances(out, ['relative:0.1']),
      () => summariseMetrics(out),
      () => drawRun(out, { figures: ['spectrum'], formats: ['svg'] }),
    ];
    for (const read of readers) await expect(read()).rejects.toThrow(damaged(rows));
    expect(existsSync(`${out}-x`)).toBe(false);
    await expect(readSummary(out)).resolves.toHaveLength(4);
    const summary = join(out, 'summary.csv');
    for (let i = 0; i < FLIPS; i++) {
      cpSync(join(whole, 'summary.csv'), summary);
      const which = flip(summary);
      await expect(readSummary(out), which).rejects.toThrow(
        damaged(summary, '--resume counts it again from the rows'),
      );
    }
    await expect(drawRun(out, { figures: ['curve'], formats: ['svg'] })).rejects.toThrow(
      damaged(summary, '--resume counts it again from the rows'),
    );
  });

  it('of a table by itself, whose checksum nobody knows, is named where it cannot be read', async () => {
    mkdirSync(out);
    const rows = join(out, 'rows.parquet');
    writeFileSync(rows, readFileSync(join(whole, 'rows.parquet')).fill(0, 100, 600));
    const message = `invalid rows: ${rows} (allowed: whole Parquet files of a run)`;
    await expect(rowsOf(out)).rejects.toThrow(message);
    await expect(readSpectrumPoints(out)).rejects.toThrow(message);
  });

  it('is missing where a folder has its name', async () => {
    cpSync(whole, out, { recursive: true });
    const rows = join(out, 'rows.parquet');
    rmSync(rows);
    mkdirSync(rows);
    await expect(rowsOf(out)).rejects.toThrow(`missing file: ${rows} (it is a folder)`);
  });

  it.each([
    [',0.5\n', ',x\n', 'invalid cell in line 2 of'],
    [',0.5\n', ',\n', "summary.csv: '' (allowed: a finite number)"],
    [',0.5\n', '\n', 'invalid number of cells in line 2 of'],
    [',0.5\n', ',1e999\n', 'summary.csv: 1e999'],
  ])(
    'is checked cell by cell where no checksum is known: %j in place of %j',
    async (cell, other, message) => {
      const head = readFileSync(join(whole, 'summary.csv'), 'utf8').split('\n')[0]!;
      mkdirSync(out);
      const line = `pointwise,output,relu,0.5,numpy,2,0.5,0,0.5${cell}`;
      writeFileSync(join(out, 'summary.csv'), `${head}\n${line}`);
      expect(await readSummary(out)).toMatchObject([{ block: 'pointwise', ci95High: 0.5 }]);
      writeFileSync(join(out, 'summary.csv'), `${head}\n${line.replace(/,0\.5\n$/, other)}`);
      await expect(readSummary(out)).rejects.toThrow(message);
    },
  );

  it('of a part is named; the other parts are kept and its layers measured again', async () => {
    cpSync(cut, out, { recursive: true });
    const before = partsOf(out);
    expect(before).toHaveLength(3);
    for (const part of before) {
      const which = flip(part);
      await expect(readRows(out).next(), which).rejects.toThrow(damaged(part));
      await expect(recountRun(out, ['relative:0.1'], { out: `${out}-x` })).rejects.toThrow(damaged(part));
      cpSync(part.replace(out, cut), part);
    }
    expect(existsSync(`${out}-x`)).toBe(false);
    flip(before[1]!);
    const progress: number[] = [];
    const { manifest, said } = await run(out, { ...again, onProgress: ({ done }) => progress.push(done) });
    expect(said).toEqual([`damaged: ${before[1]} (its bytes have changed; its layers are measured again)`]);
    expect(progress).toEqual([6, 8]);
    expect(manifest).toMatchObject({ state: 'complete', layers: { done: 8, total: 8 } });
    await expectWhole();
  });

  it('of every part or of the whole table has all layers measured again', async () => {
    cpSync(cut, out, { recursive: true });
    for (const part of partsOf(out)) flip(part);
    expect((await run(out, again)).said).toHaveLength(3);
    await expectWhole();
    flip(join(out, 'rows.parquet'));
    expect((await run(out, again)).said).toHaveLength(1);
    await expectWhole();
  });

  it.each(['summary.csv', 'ranks.csv'])('of %s has it counted again from the rows', async (name) => {
    cpSync(whole, out, { recursive: true });
    flip(join(out, name));
    const { said, summary } = await run(out, { ...again, onProgress: () => expect.unreachable() });
    expect({ said, layers: summary[0]!.layers }).toEqual({ said: [], layers: 2 });
    await expectWhole();
  });

  it('of a run that was merged or counted has its own remedy', async () => {
    await mergeRuns([whole], { out });
    const rows = join(out, 'rows.parquet');
    flip(rows);
    await expect(run(out, again)).rejects.toThrow(damaged(rows, 'merge its parts again'));
    const counted = `${out}-counted`;
    await recountRun(whole, ['relative:0.1'], { out: counted });
    flip(join(counted, 'rows.parquet'));
    await expect(rowsOf(counted)).rejects.toThrow(
      damaged(join(counted, 'rows.parquet'), `count ${whole} again`),
    );
  });
});

describe('what a process killed while it seals a table leaves', () => {
  const changeManifest = (change: (manifest: Manifest) => object) => {
    const path = join(out, 'run.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    writeFileSync(path, JSON.stringify({ ...manifest, ...change(manifest) }));
  };

  it('is continued: a checksum without its table, and a table beside its parts', async () => {
    const { sha256 } = await readManifest(whole);
    expect(Object.keys(sha256).sort()).toEqual(['ranks.csv', 'rows.parquet', 'summary.csv']);
    cpSync(cut, out, { recursive: true });
    changeManifest(() => ({ state: 'running', sha256 }));
    await run(out, again);
    await expectWhole();
    // damaged beside its parts: they still have the layers
    cpSync(join(cut, 'rows'), join(out, 'rows'), { recursive: true });
    changeManifest(() => ({ state: 'running' }));
    flip(join(out, 'rows.parquet'));
    const progress: number[] = [];
    await run(out, { ...again, onProgress: ({ done }) => progress.push(done) });
    expect(progress).toEqual([8]);
    await expectWhole();
  });

  it('is continued where its parts have no checksums yet, and opened unchecked', async () => {
    cpSync(cut, out, { recursive: true });
    for (const part of partsOf(out)) renameSync(part, part.replace(/\.[0-9a-f]{64}/, ''));
    changeManifest(({ sha256: _, ...earlier }) => ({ ...earlier, sha256: undefined }));
    rmSync(join(out, 'ranks.csv'));
    expect(await rowsOf(out)).toEqual(await rowsOf(cut));
    expect(await readSummary(out)).toEqual(await readSummary(cut));
    await run(out, again);
    await expectWhole();
    // a complete one is left as it is
    changeManifest(() => ({ sha256: undefined }));
    rmSync(join(out, 'ranks.csv'));
    await run(out, { ...again, onProgress: () => expect.unreachable() });
    expect(existsSync(join(out, 'ranks.csv'))).toBe(false);
    expect(await rowsOf(out)).toEqual(await rowsOf(whole));
  });
});
