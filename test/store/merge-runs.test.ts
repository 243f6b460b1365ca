import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, parquetTable, quote } from '../../src/store/rows/database.js';
import type { Manifest } from '../../src/runs/study-run.js';
import { mergeRuns } from '../../src/runs/merge-runs.js';
import { recountRun } from '../../src/runs/recount-run.js';
import { wholePath } from '../../src/store/rows/row-files.js';
import { runStudy } from '../../src/runs/run-study.js';
import type { StudyInput } from '../../src/study/study.js';
import { rowsOf } from './rows-of.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-merge-'));
afterAll(() => rmSync(base, { recursive: true }));
let out = '';
let count = 0;
beforeEach(() => (out = join(base, `merged-${count++}`)));

const study: StudyInput = {
  blocks: ['pointwise', 'inverted-depthwise'],
  activations: ['relu', 'silu'],
  ratios: [0.2, 1],
  layers: 5,
  spectra: true,
  protocol: { channels: '6:20' },
};
const folderOf = (name: string) => join(base, name.replace('/', 'of'));
const shards = ['1/3', '2/3', '3/3'];
const parts = shards.map(folderOf);
const whole = join(base, 'whole');

beforeAll(async () => {
  for (const shard of [...shards, '1/2']) await runStudy(study, { out: folderOf(shard), shard, workers: 0 });
  await runStudy(study, { out: whole, workers: 0 });
});

const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Manifest;

describe('mergeRuns', () => {
  it('gives the rows, the file and the summary of the run that measured all', async () => {
    const { manifest, summary } = await mergeRuns([...parts].reverse(), { out });
    for (const name of ['ranks.csv', 'rows.parquet', 'summary.csv']) {
      expect(readFileSync(join(out, name)).equals(readFileSync(join(whole, name)))).toBe(true);
    }
    expect(await rowsOf(out)).toEqual(await rowsOf(whole));
    const expected = manifestOf(whole);
    expect(manifest).toEqual(manifestOf(out));
    const { state, study, shard, layers, backend, engine, files, from, versions, error } = expected;
    expect(manifest).toMatchObject({
      state,
      study,
      shard,
      layers,
      backend,
      engine,
      files,
      from,
      versions,
      error,
    });
    expect(manifest.merged?.map(({ folder, shard }) => [folder, shard])).toEqual(
      shards.map((shard) => [folderOf(shard), shard]),
    );
    expect(summary.every(({ layers }) => layers === 5)).toBe(true);
    expect(readdirSync(out).sort()).toEqual(['ranks.csv', 'rows.parquet', 'run.json', 'summary.csv']);
    for (const folder of parts) expect(manifestOf(folder).state).toBe('complete');
  });

  it('takes the only part of one', async () => {
    await mergeRuns([whole], { out });
    expect(await rowsOf(out)).toEqual(await rowsOf(whole));
    await mergeRuns([out], { out: `${out}-again` });
    expect(await rowsOf(`${out}-again`)).toEqual(await rowsOf(whole));
  });

  it('replaces a run only if it may, and never one of the parts', async () => {
    await mergeRuns(parts, { out });
    await expect(mergeRuns(parts, { out })).rejects.toThrow('--overwrite; this one holds another run');
    await mergeRuns(parts, { out, overwrite: true });
    await expect(mergeRuns(parts, { out: parts[1]!, overwrite: true })).rejects.toThrow(
      `invalid output folder: ${parts[1]} (allowed: a folder other than those of the parts)`,
    );
    expect(existsSync(join(parts[1]!, 'rows.parquet'))).toBe(true);
  });
});

describe('mergeRuns refuses, with nothing written,', () => {
  const [one, two, three] = parts as [string, string, string];

  async function expectRefused(folders: readonly string[], message: string | RegExp): Promise<void> {
    await expect(mergeRuns(folders, { out })).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  }

  /** A copy of the third part with another manifest. */
  function changed(change: (manifest: Manifest) => object): string {
    const folder = `${out}-changed`;
    cpSync(three, folder, { recursive: true });
    const manifest = manifestOf(folder);
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...manifest, ...change(manifest) }));
    return folder;
  }

  it('missing parts, all of them named', async () => {
    await expectRefused([two], 'missing shards: 1/3, 3/3 (give the folders of all parts)');
    await expectRefused([], /^missing runs/);
  });

  it('a part whose table cannot be read', async () => {
    const folder = changed(() => ({ sha256: undefined }));
    const rows = join(folder, 'rows.parquet');
    const bytes = readFileSync(rows);
    // the end, where the file says what it holds, is whole: it is opened, and fails when the columns are read
    for (let at = 4; at < bytes.length / 2; at += 7) bytes[at]! ^= 0xff;
    writeFileSync(rows, bytes);
    await expect(mergeRuns([one, two, folder], { out })).rejects.toThrow(
      `invalid rows: ${rows} (allowed: a whole`,
    );
  });

  it('a part whose table is gone', async () => {
    const folder = changed(() => ({}));
    const rows = join(folder, 'rows.parquet');
    rmSync(rows);
    await expectRefused(
      [one, two, folder],
      `missing rows: ${rows} (the run is complete, but its table is gone)`,
    );
  });

  it('a part that is there twice', async () => {
    await expectRefused(
      [one, two, one],
      `invalid shard: 1/3 of ${one} (allowed: each part once; ${one} is the same)`,
    );
    await expectRefused([whole, whole], /^invalid shard: 1\/1 of .* each part once/);
  });

  it('parts of another division', async () => {
    await expectRefused(
      [two, folderOf('1/2')],
      `invalid shard: 1/2 of ${folderOf('1/2')} (allowed: I/3, as ${two} is 2/3)`,
    );
    await expectRefused(
      [whole, two],
      `invalid shard: 2/3 of ${two} (allowed: none beside ${whole}, which is a complete run)`,
    );
  });

  it.each<[string, (manifest: Manifest) => object, string]>([
    ['seed: 1 (allowed: 0', ({ study }) => ({ study: { ...study, seed: 1 } }), 'another study'],
    [
      'bias: none (allowed: pytorch',
      ({ study }) => ({ study: { ...study, protocol: { ...study.protocol, bias: 'none' } } }),
      'another protocol',
    ],
    ['engine: other (allowed: wasm', () => ({ engine: 'other' }), 'another engine'],
    [
      'backend: tfjs-node 1.2.3 (allowed: wasm 4.22.0',
      () => ({ backend: { name: 'tfjs-node', version: '1.2.3' } }),
      'another backend',
    ],
    [
      'rankscope version: 0.0.9 (allowed: 0.1.0',
      ({ versions }) => ({ versions: { ...versions, rankscope: '0.0.9' } }),
      'another rankscope',
    ],
  ])('%s: %s', async (message, change) => {
    const other = changed(change);
    await expectRefused(
      [one, two, other],
      `invalid ${message.replace(' (', ` of ${other} (`)}, that of ${one})`,
    );
  });

  it('a part whose table is of another part, cut short, or lacks layers', async () => {
    const strange = changed(() => ({ sha256: undefined }));
    cpSync(join(two, 'rows.parquet'), join(strange, 'rows.parquet'));
    await expectRefused(
      [one, two, strange],
      `invalid rows: ${join(strange, 'rows.parquet')} (allowed: every layer of part 3/3 of the study once and whole; `,
    );
    truncateSync(join(strange, 'rows.parquet'), 500);
    await expectRefused(
      [one, two, strange],
      `invalid rows: ${join(strange, 'rows.parquet')} (allowed: a whole Parquet file)`,
    );
    const connection = await connect();
    await connection.run(
      `COPY (SELECT * FROM ${parquetTable([wholePath(three)])} WHERE layer < 4) TO ${quote(wholePath(strange))}`,
    );
    connection.closeSync();
    await expectRefused(
      [one, two, strange],
      /^invalid rows: .* \(allowed: all \d+ layers of part 3\/3; this file has \d+\)$/,
    );
  });

  it('an incomplete part', async () => {
    const cut = changed(({ layers }) => ({ state: 'running', layers: { ...layers, done: 2 } }));
    const { total } = manifestOf(three).layers;
    await expectRefused(
      [one, two, cut],
      `invalid run: ${cut} (allowed: a complete run; this one is running or was interrupted, with 2 of ${total} layers: --resume completes it)`,
    );
  });

  it('what is no run, or was counted from one', async () => {
    await expectRefused([one, base], `invalid run: ${base} (allowed: a folder with a run.json`);
    await expectRefused([one, join(base, 'nowhere')], /writes it\)$/);
    const damaged = changed(() => ({}));
    truncateSync(join(damaged, 'run.json'), 40);
    await expectRefused([one, two, damaged], /^invalid run: .*run\.json \(allowed: JSON; line \d/);
    await recountRun(three, ['relative:0.1'], { out: `${out}-loose` });
    await expectRefused(
      [one, two, `${out}-loose`],
      /this one was counted from .*: merge first, then --from\)$/,
    );
  });
});
