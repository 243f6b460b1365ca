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
import { readManifest, type Manifest } from '../../src/runs/study-run.js';
import { recountRun } from '../../src/runs/recount-run.js';
import { runStudy, type RunOptions } from '../../src/runs/run-study.js';
import type { StudyInput } from '../../src/study/study.js';
import { rowsOf } from './rows-of.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-resume-'));
afterAll(() => rmSync(base, { recursive: true }));
let out = '';
let count = 0;
beforeEach(() => (out = join(base, `run-${count++}`)));

const study: StudyInput = {
  blocks: ['pointwise', 'inverted-conv3x3'],
  activations: ['relu', 'silu'],
  ratios: [0.2, 1],
  layers: 4,
  taps: ['project', 'output'],
  spectra: true,
  protocol: { channels: '6:20' },
};
const whole = join(base, 'whole');
beforeAll(() => run({}, whole));

const run = (options: Partial<RunOptions> = {}, folder = out, given = study) =>
  runStudy(given, { out: folder, workers: 0, ...options });

/** A run that was stopped after some layers; every layer has a part of its own. */
async function stopped(layers: number, options: Partial<RunOptions> = {}): Promise<void> {
  const controller = new AbortController();
  const onProgress = ({ done }: { done: number }) => done >= layers && controller.abort();
  await run({ partSeconds: 0, signal: controller.signal, onProgress, ...options });
}

const parts = () => readdirSync(join(out, 'rows')).sort();
/** Names a part as the version before did, without a checksum, and returns its path. */
function unchecked(number: number): string {
  const path = join(out, 'rows', `part-00000${number}.parquet`);
  renameSync(join(out, 'rows', parts()[number]!), path);
  return path;
}

async function expectWhole(folder = out): Promise<void> {
  expect(await rowsOf(folder)).toEqual(await rowsOf(whole));
  const summary = (path: string) => readFileSync(join(path, 'summary.csv'), 'utf8');
  expect(summary(folder)).toBe(summary(whole));
  expect(readdirSync(folder).sort()).toEqual(['ranks.csv', 'rows.parquet', 'run.json', 'summary.csv']);
}

function changeManifest(change: (manifest: Manifest) => object, folder = out): void {
  const path = join(folder, 'run.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  writeFileSync(path, JSON.stringify({ ...manifest, ...change(manifest) }));
}

describe('a run that is continued', () => {
  it('measures only what is missing, and counts its sittings and its time', async () => {
    await stopped(10);
    const first = await readManifest(out);
    expect(first).toMatchObject({ state: 'stopped', layers: { done: 10, total: 32 }, times: { resumed: 0 } });
    expect(parts()).toHaveLength(5); // 5 layers, each with two activations
    const progress: number[] = [];
    const { manifest, summary } = await run({ resume: true, onProgress: ({ done }) => progress.push(done) });
    expect(progress).toEqual([12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32]);
    expect(manifest).toMatchObject({ state: 'complete', layers: { done: 32, total: 32 } });
    expect(manifest.times).toMatchObject({ resumed: 1, started: first.times.started });
    expect(manifest.times.seconds).toBeGreaterThan(first.times.seconds);
    expect(summary).toHaveLength(2 * 2 * 3);
    await expectWhole();
  });

  it('can be stopped again and again', async () => {
    for (let done = 4; done < 32; done += 8) {
      await stopped(done, { resume: true });
      expect((await readManifest(out)).layers.done).toBe(done);
    }
    const { manifest } = await run({ resume: true });
    expect(manifest.times.resumed).toBe(4);
    await expectWhole();
  });

  it('goes by the parts, not by what the manifest had come to say of them', async () => {
    await stopped(10);
    changeManifest(() => ({ state: 'running', layers: { done: 4, total: 32 } }));
    const progress: number[] = [];
    await run({ resume: true, onProgress: ({ done }) => progress.push(done) });
    expect(progress[0]).toBe(12);
    await expectWhole();
  });

  it('begins where nothing is there but what a killed run leaves at its start', async () => {
    await run({ resume: true });
    await expectWhole();
    rmSync(out, { recursive: true });
    mkdirSync(out);
    writeFileSync(join(out, 'run.json.0123abcd.tmp'), '{"form');
    writeFileSync(join(out, 'run.lock.0123abcd.tmp'), '');
    const { manifest } = await run({ resume: true });
    expect(manifest.times.resumed).toBe(0);
    await expectWhole();
  });

  it('removes what was being written, wherever it was', async () => {
    await stopped(10);
    for (const name of ['run.json.0123abcd.tmp', 'summary.csv.0123abcd.tmp', 'rows.parquet.unfinished'])
      writeFileSync(join(out, name), 'half');
    writeFileSync(join(out, 'rows', 'part-000005.parquet.unfinished'), 'half');
    for (const name of ['rows.sorting', 'rows.spill']) {
      mkdirSync(join(out, name));
      writeFileSync(join(out, name, 'piece-0.parquet'), 'half');
    }
    await run({ resume: true });
    await expectWhole();
  });

  it('keeps the rows that were joined, whether or not their parts were gone', async () => {
    await stopped(10);
    const [someParts] = [join(base, 'some-parts')];
    renameSync(join(out, 'rows'), someParts);
    await run({ overwrite: true });
    cpSync(someParts, join(out, 'rows'), { recursive: true });
    changeManifest(({ layers }) => ({ state: 'running', layers: { ...layers, done: 10 } }));
    rmSync(join(out, 'summary.csv'));
    await run({ resume: true, onProgress: () => expect.unreachable() });
    await expectWhole();
  });

  it('leaves a complete run as it is', async () => {
    cpSync(whole, out, { recursive: true });
    const before = readFileSync(join(out, 'run.json'), 'utf8');
    const { manifest, summary } = await run({ resume: true, onProgress: () => expect.unreachable() });
    expect(manifest).toMatchObject({ state: 'complete', times: { resumed: 0 } });
    expect(summary).toHaveLength(12);
    expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe(before);
  });

  it('finishes a removal that was cut off, and begins anew', async () => {
    await run();
    renameSync(join(out, 'run.json'), join(out, 'run.json.overwritten'));
    await expect(run()).rejects.toThrow('--overwrite; this one holds parts of another run');
    await run({ resume: true });
    await expectWhole();
  });

  it('can have hundreds of parts', async () => {
    const many = { ...study, blocks: ['pointwise' as const], layers: 120, protocol: { channels: '4:6' } };
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => done >= 440 && controller.abort();
    await run({ partSeconds: 0, signal: controller.signal, onProgress }, out, many);
    expect(parts()).toHaveLength(220);
    await run({ resume: true }, out, many);
    await run({}, `${out}-at-once`, many);
    expect(await rowsOf(out)).toEqual(await rowsOf(`${out}-at-once`));
  });

  it('can be counted at another tolerance when it ended early', async () => {
    await stopped(10);
    changeManifest(({ layers }) => ({ state: 'running', layers: { ...layers, done: 8 } }));
    const { manifest } = await recountRun(out, ['relative:0.1'], { out: `${out}-loose` });
    expect(manifest).toMatchObject({ state: 'complete', layers: { done: 10, total: 10 } });
    expect((await rowsOf(`${out}-loose`)).length).toBe((await rowsOf(out)).length);
  });
});

describe('a run is not continued', () => {
  beforeEach(() => stopped(6));

  it.each<[string, string, (manifest: Manifest) => object, string]>([
    ['another study', 'layers', ({ study }) => ({ study: { ...study, layers: 5 } }), '4 (allowed: 5'],
    [
      'another protocol',
      'weights',
      ({ study }) => ({ study: { ...study, protocol: { ...study.protocol, weights: 'normal' } } }),
      'kaiming-normal:fan-out (allowed: normal',
    ],
    ['another part', 'shard', () => ({ shard: '1/2' }), '1/1 (allowed: 1/2'],
    ['an engine', 'engine', () => ({ engine: 'other' }), 'wasm (allowed: other'],
    [
      'a version of rankscope',
      'rankscope version',
      ({ versions }) => ({ versions: { ...versions, rankscope: '9.9.9' } }),
      '0.1.0 (allowed: 9.9.9',
    ],
    [
      'a major version of Node',
      'node version',
      ({ versions }) => ({ versions: { ...versions, node: '99.1.0' } }),
      `${process.versions.node.split('.')[0]} (allowed: 99`,
    ],
    [
      'inputs',
      'inputs (SHA-256)',
      () => ({ files: { inputs: { path: 'x.npy', sha256: 'ab'.repeat(32) } } }),
      `null (allowed: ${'ab'.repeat(32)}`,
    ],
  ])('with %s of its own, and both are named', async (_, thing, change, values) => {
    changeManifest(change);
    const before = parts();
    await expect(run({ resume: true })).rejects.toThrow(
      `invalid ${thing}: ${values}, that of the run in ${out}`,
    );
    expect(parts()).toEqual(before);
    expect(readdirSync(out)).not.toContain('run.lock');
  });

  it('unless asked to, and the answer says how', async () => {
    await expect(run()).rejects.toThrow(
      '--overwrite, or --resume to complete it; this one holds another run',
    );
  });

  it('by the remedy for another backend', async () => {
    changeManifest(() => ({ backend: { name: 'tfjs-node', version: '4.22.0' } }));
    await expect(run({ resume: true, backend: 'cpu' })).rejects.toThrow(
      `invalid backend: cpu 4.22.0 (allowed: tfjs-node 4.22.0, that of the run in ${out}: --backend tfjs-node)`,
    );
  });

  it('when it was counted from another or merged', async () => {
    changeManifest(() => ({ from: '/elsewhere' }));
    await expect(run({ resume: true })).rejects.toThrow(
      /a measured run; this one was counted from \/elsewhere/,
    );
    changeManifest(() => ({ from: null, merged: [] }));
    await expect(run({ resume: true })).rejects.toThrow(/this is an interrupted merge; merge again/);
  });

  it('with rows of another seed', async () => {
    changeManifest((manifest) => ({ study: { ...manifest.study, seed: 77 } }));
    await expect(run({ resume: true }, out, { ...study, seed: 77 })).rejects.toThrow(
      /allowed: layers of seed 77; this file has seed \d+/,
    );
  });

  it('with a part without a checksum that is cut short, or has layers of another part', async () => {
    const [first, second] = [unchecked(0), unchecked(1)];
    const original = readFileSync(second);
    writeFileSync(second, original.subarray(0, original.length - 20));
    await expect(run({ resume: true })).rejects.toThrow(
      `invalid rows: ${second} (allowed: a whole Parquet file; without this one its layers are measured again)`,
    );
    cpSync(first, second);
    await expect(run({ resume: true })).rejects.toThrow(
      /this file breaks it at layer 0 of pointwise at ratio 0.2/,
    );
    rmSync(second); // as the message says
    await run({ resume: true });
    await expectWhole();
  });

  it('with rows and no manifest', async () => {
    rmSync(join(out, 'run.json'));
    await expect(run({ resume: true })).rejects.toThrow(
      /^invalid run: .* this one holds \S+ without it: --overwrite in place of --resume starts anew/,
    );
    expect(parts()).toHaveLength(3);
  });

  it('while another is at work in the folder', async () => {
    const both = await Promise.allSettled([run({ resume: true }), run({ resume: true })]);
    const refused = both.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(String(refused[0]!.reason)).toMatch(/no other run uses; this process uses this one/);
    await expectWhole();
  });
});

describe('runStudy', () => {
  it('takes no negative part-seconds', async () => {
    await expect(run({ partSeconds: -1 })).rejects.toThrow(
      'invalid partSeconds: -1 (allowed: a number >= 0)',
    );
    expect(existsSync(out)).toBe(false);
  });

  it('measures a part of a study, and summarises that', async () => {
    const { manifest, summary } = await run({ shard: '2/3' });
    expect(manifest).toMatchObject({
      state: 'complete',
      shard: '2/3',
      layers: { total: manifest.layers.done },
    });
    const rows = await rowsOf(out);
    const all = new Set((await rowsOf(whole)).map((row) => JSON.stringify(row)));
    for (const row of rows) expect(all).toContain(JSON.stringify(row));
    for (const point of summary) expect([1, 2]).toContain(point.layers);
    const loose = await recountRun(out, ['relative:0.1'], { out: `${out}-loose` });
    expect(loose.manifest).toMatchObject({ state: 'complete', shard: '2/3', layers: manifest.layers });
  });
});
