import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { claimFile } from '../../../src/store/folder/claim-file.js';
import { claimFolder } from '../../../src/store/folder/claim-folder.js';
import { keepRun } from '../../../src/store/keep-run.js';
import { readManifest } from '../../../src/runs/study-run.js';
import { depthRun, type DepthSpec } from '../../../src/runs/depth-run.js';
import { latencyRun } from '../../../src/runs/latency-run.js';
import { studyRun } from '../../../src/runs/study-run.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-claim-'));
afterAll(() => rmSync(base, { recursive: true }));
let out = '';
let count = 0;
beforeEach(() => (out = join(base, `run-${count++}`)));

const record = () => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as Record<string, unknown>;

const settings: DepthSpec = {
  ...{ networks: [{ name: 'tiny', resolution: 8 }], inputs: null, weights: null, seed: 3 },
  ...{ tolerances: ['numpy'], images: '2 random images', skipped: [], leftOut: null },
};
const backend = { name: 'cpu', version: '4.22.0' };

/** A run of depth with one file. */
const depth = (content: string, overwrite = false) =>
  keepRun(depthRun, { folder: out, overwrite }, async (begin) => {
    const write = await begin({ spec: settings, count: { done: 1, total: 1 }, backend });
    await write('rows.csv', content);
    return 'complete';
  });

describe('keepRun', () => {
  it('says in run.json what the folder holds, how it was made and how it ended', async () => {
    await depth('abc');
    expect(readdirSync(out).sort()).toEqual(['rows.csv', 'run.json']);
    expect(record()).toMatchObject({
      format: 1,
      kind: 'depth',
      state: 'complete',
      settings,
      networks: { done: 1, total: 1 },
      backend,
      sha256: { 'rows.csv': createHash('sha256').update('abc').digest('hex') },
      versions: { node: process.versions.node },
      error: null,
    });
    await expect(readManifest(out)).rejects.toThrow(
      `invalid run: ${out} (allowed: a run of kind study; this one is of kind depth)`,
    );
  });

  it('replaces a run of its own kind only when told, and only when there is something in its place', async () => {
    await depth('first');
    await expect(depth('second')).rejects.toThrow(
      `invalid output folder: ${out} (allowed: a new or empty folder, or --overwrite; this one holds another run)`,
    );
    const early = keepRun(depthRun, { folder: out, overwrite: true }, () =>
      Promise.reject(new Error('early')),
    );
    await expect(early).rejects.toThrow('early');
    expect([readFileSync(join(out, 'rows.csv'), 'utf8'), record().state]).toEqual(['first', 'complete']);
    writeFileSync(join(out, 'depth.pdf'), 'of the first');
    await depth('second', true);
    expect(readdirSync(out).sort()).toEqual(['rows.csv', 'run.json']);
    expect(readFileSync(join(out, 'rows.csv'), 'utf8')).toBe('second');
  });

  it('keeps what was written when it fails, with the reason; a folder made for nothing goes', async () => {
    const late = keepRun(latencyRun, { folder: out, overwrite: false }, async (begin) => {
      const networks = [{ name: 'tiny', resolution: 8 }];
      const spec = { networks, batch: 1, runs: 1, warmUp: 0, seed: 0, backend };
      await begin({ spec, count: { done: 0, total: 1 }, backend });
      throw new Error('no more memory');
    });
    await expect(late).rejects.toThrow('no more memory');
    expect(record()).toMatchObject({ kind: 'latency', state: 'failed', error: 'no more memory' });
    out = join(base, 'made', 'for', 'nothing');
    await keepRun(latencyRun, { folder: out, overwrite: false }, () => Promise.resolve('stopped'));
    expect(existsSync(join(base, 'made'))).toBe(false);
  });

  it('has its folder to itself from the first moment', async () => {
    await keepRun(depthRun, { folder: out, overwrite: false }, async () => {
      for (const kind of [depthRun, latencyRun, studyRun]) {
        await expect(claimFolder(join(out, '.'), kind, true)).rejects.toThrow(/no other run uses; /);
      }
      return 'stopped';
    });
  });
});

describe('claimFolder', () => {
  it.each([latencyRun, studyRun])('never replaces a run of depth by one of kind $kind', async (kind) => {
    await depth('abc');
    await expect(claimFolder(out, kind, true)).rejects.toThrow(
      `this one holds a run of kind depth, which a run of kind ${kind.kind} does not replace`,
    );
    expect(readFileSync(join(out, 'rows.csv'), 'utf8')).toBe('abc');
  });

  it.each([
    [
      'files without a manifest',
      'rows.csv',
      'holds rows.csv, and no run.json of kind depth: name another, or remove this one if an early version, which',
    ],
    ['the manifest of something else', 'run.json', 'holds run.json, and no run.json of kind depth'],
    [
      'a file with a name like a figure',
      'depth-notes.txt',
      'holds depth-notes.txt, which is not part of a run',
    ],
  ])('replaces no %s', async (_, name, reason) => {
    mkdirSync(out);
    writeFileSync(join(out, name), '{"kind": "depth"}');
    await expect(claimFolder(out, depthRun, true)).rejects.toThrow(reason);
    expect(readdirSync(out)).toEqual([name]);
  });

  it('replaces no folder `rows` with files of the user', async () => {
    mkdirSync(join(out, 'rows'), { recursive: true });
    writeFileSync(join(out, 'rows', 'notes.txt'), 'mine');
    await expect(claimFolder(out, studyRun, true)).rejects.toThrow(
      /holds rows.notes\.txt, which is not part/,
    );
  });

  it('takes no folder inside a run, by whatever name', async () => {
    await depth('abc');
    const link = `${out}-link`;
    symlinkSync(out, link);
    for (const inside of [join(out, 'a', 'b'), join(link, 'a')]) {
      await expect(claimFolder(inside, latencyRun)).rejects.toThrow(
        `lies in ${out}, which holds a run of kind depth`,
      );
    }
    expect(readdirSync(out).sort()).toEqual(['rows.csv', 'run.json']);
    // the run itself by its other name
    await expect(claimFolder(link, depthRun)).rejects.toThrow('this one holds another run');
    await (await claimFolder(link, depthRun, true)).release();
  });

  it.each([
    ['a link to nothing', (path: string) => symlinkSync('no-such', path), 'no such file or folder'],
    ['a link to itself', (path: string) => symlinkSync(path, path), 'its symbolic links lead in a circle'],
    [
      'a file',
      (path: string) => writeFileSync(path, ''),
      'it, or a part of its path, is a file, not a folder',
    ],
  ])('refuses %s', async (_, make, reason) => {
    make(out);
    await expect(claimFolder(out, depthRun)).rejects.toThrow(
      `invalid output folder: ${out} (allowed: a folder that can be written; ${reason})`,
    );
  });

  it.each([
    ['x'.repeat(300), 'the name is too long'],
    ['a\0b', 'without null bytes'],
  ])('refuses a name that no folder has', async (name, reason) => {
    await expect(claimFolder(join(base, name), depthRun)).rejects.toThrow(reason);
  });
});

describe('claimFile', () => {
  const options = { thing: 'design', isOwn: (text: string) => text === 'a design' };

  it('lets a new file be written, and its own kind be replaced when told', async () => {
    const path = join(out, 'new', 'design.json');
    await claimFile(path, { ...options, overwrite: false });
    expect(readdirSync(join(out, 'new'))).toEqual([]);
    writeFileSync(path, 'a design');
    await expect(claimFile(path, { ...options, overwrite: false })).rejects.toThrow(
      `invalid output file: ${path} (allowed: a new file, or --overwrite; there is one of that name)`,
    );
    await claimFile(path, { ...options, overwrite: true });
    writeFileSync(path, 'notes');
    await expect(claimFile(path, { ...options, overwrite: true })).rejects.toThrow('which is not a design');
    expect(readFileSync(path, 'utf8')).toBe('notes');
  });

  it('refuses the folder of a run, a folder, and what cannot be written', async () => {
    await depth('abc');
    await expect(claimFile(join(out, 'run.json'), { ...options, overwrite: true })).rejects.toThrow(
      'not a design',
    );
    await expect(claimFile(join(out, 'new.json'), { ...options, overwrite: false })).rejects.toThrow(
      `a file outside runs; ${out} holds a run of kind depth`,
    );
    await expect(claimFile(out, { ...options, overwrite: true })).rejects.toThrow(
      'this is a folder or a device',
    );
    await expect(claimFile(join(out, 'rows.csv', 'a'), { ...options, overwrite: false })).rejects.toThrow(
      'a part of the path is a file',
    );
  });
});
