import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { drawRun, isOverlaid } from '../../src/report/draw-run.js';
import { readManifest } from '../../src/runs/study-run.js';
import { mergeRuns } from '../../src/runs/merge-runs.js';
import { recountRun } from '../../src/runs/recount-run.js';
import { resolveProtocol } from '../../src/study/protocol-presets.js';

const figures = join(__dirname, '../../figures');
const kept = readdirSync(figures, { recursive: true, encoding: 'utf8' })
  .filter((name) => /(^|[\\/])run\.json$/.test(name))
  .map((name) => join(figures, dirname(name)));

const base = mkdtempSync(join(tmpdir(), 'rankscope-manifest-'));
afterAll(() => rmSync(base, { recursive: true }));
const path = join(base, 'run.json');
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
let manifest: { [key: string]: Json } = {};
beforeEach(() => {
  manifest = JSON.parse(readFileSync(join(figures, 'figure-1', 'run.json'), 'utf8')) as typeof manifest;
});
const write = (value: unknown) => writeFileSync(path, JSON.stringify(value));

interface Earlier {
  readonly study: { readonly protocol: object };
}

it('reads every manifest of an earlier version that is kept', async () => {
  expect(kept.length).toBeGreaterThan(10);
  for (const folder of kept) {
    const given = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Earlier;
    const { study, ...rest } = given;
    const protocol = { normalizationShift: 'none', center: false, ...study.protocol };
    const expected = { kind: 'study', sha256: {}, ...rest, study: { ...study, protocol } };
    expect(await readManifest(folder)).toEqual(expected);
  }
});

it('reads fields that an earlier version did not have as what it did, in the order of a study', async () => {
  const { study } = manifest as { study: { protocol: { [key: string]: Json } } };
  Reflect.deleteProperty(study.protocol, 'center');
  Reflect.deleteProperty(study.protocol, 'normalizationShift');
  write(manifest);
  const read = await readManifest(base);
  // the protocol of that figure was called `paper`, and is the one fitted to it
  expect(JSON.stringify(read.study.protocol)).toBe(JSON.stringify(resolveProtocol('fitted')));
  expect(isOverlaid(read)).toBe(true);
});

describe('a tampered manifest is refused by field and file:', () => {
  const nested = (place: string, value: Json | undefined) => {
    const keys = place.split('.');
    const parent = keys.slice(0, -1).reduce((at, key) => at[key] as typeof manifest, manifest);
    if (value === undefined) Reflect.deleteProperty(parent, keys.at(-1)!);
    else parent[keys.at(-1)!] = value;
  };
  it.each<[string, Json | undefined, string]>([
    ['study', null, 'invalid study: null (allowed: an object with blocks, '],
    ['study', undefined, 'missing study: not given (allowed: an object with blocks, '],
    ['study.layers', -1, 'invalid study.layers: -1 (allowed: a whole number >= 1)'],
    ['study.blocks', ['dense'], 'invalid study.blocks: ["dense"] (allowed: pointwise, '],
    ['study.protocol.bias', undefined, 'missing study.protocol.bias: not given (allowed: '],
    ['study.protocol.tolerances', 7, 'invalid study.protocol.tolerances: 7 (allowed: '],
    ['study.protocol.toString', 1, 'unknown key of study.protocol: toString (allowed: weights, '],
    ['times', 'now', 'invalid times: now (allowed: an object with started, finished, seconds, resumed)'],
    ['times.started', 'yesterday', 'invalid times.started: yesterday (allowed: a time such as '],
    ['times.seconds', -1, 'invalid times.seconds: -1 (allowed: a number >= 0)'],
    ['versions', [], 'invalid versions: [] (allowed: an object with one entry per name)'],
    ['versions.node', 20, 'invalid versions.node: 20 (allowed: text)'],
    ['state', 'done', 'unknown state: done (allowed: running, stopped, failed, complete)'],
    ['from', 7, 'invalid from: 7 (allowed: text)'],
    ['merged', [{}], 'missing merged[0].folder: not given (allowed: text)'],
    [
      'layers',
      { done: 3, total: 2 },
      'invalid layers: {"done":3,"total":2} (allowed: no more layers done than ',
    ],
    ['shard', '2of3', 'invalid shard: 2of3 (allowed: I/N with whole numbers, or null)'],
    ['sha256', { 'rows.parquet': 'abc' }, 'invalid sha256["rows.parquet"]: abc (allowed: a SHA-256, '],
    ['files', { inputs: 'x.npy' }, 'invalid files.inputs: x.npy (allowed: an object with path, sha256)'],
    ['format', 9, 'invalid manifest: '],
    ['constructor', 1, 'unknown key of manifest: constructor (allowed: format, '],
  ])('%s as %j', async (place, value, message) => {
    nested(place, value);
    write(manifest);
    const error = await readManifest(base).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message.slice(0, message.length)).toBe(message);
    expect((error as Error).message).toMatch(/ in \S+run\.json$/);
    for (const use of [
      () => drawRun(base),
      () => mergeRuns([base], { out: join(base, 'out') }),
      () => recountRun(base, ['numpy'], { out: join(base, 'out') }),
    ])
      await expect(use()).rejects.toThrow((error as Error).message);
  });

  it('whatever stands in any place', async () => {
    const values: Json[] = [null, true, -1.5, 1e308, '', 'x', [], [null], {}, { a: 1 }, { constructor: 1 }];
    const places = (value: Json, place: string[] = []): string[][] => [
      ...(place.length > 0 ? [place] : []),
      ...(typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, inner]) => places(inner, [...place, key]))
        : []),
    ];
    const all = places(manifest);
    expect(all.length).toBeGreaterThan(40);
    let refused = 0;
    for (const place of all)
      for (const value of [...values, undefined]) {
        const changed = structuredClone(manifest);
        const parent = place.slice(0, -1).reduce((at, key) => at[key] as typeof manifest, changed);
        if (value === undefined) Reflect.deleteProperty(parent, place.at(-1)!);
        else parent[place.at(-1)!] = value;
        write(changed);
        const error = await readManifest(base).catch((reason: unknown) => reason);
        if (!(error instanceof Error)) continue;
        refused++;
        expect(error, `${place.join('.')} as ${JSON.stringify(value)}`).toBeInstanceOf(RangeError);
        expect(error.message).toMatch(/^(invalid|unknown|missing) .* in \S+run\.json$/);
      }
    expect(refused).toBeGreaterThan(8 * all.length);
  });
});

it('reads a manifest with a byte-order mark or in UTF-16', async () => {
  const text = JSON.stringify(manifest);
  const expected = await readManifest(join(figures, 'figure-1'));
  for (const bytes of [Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
    writeFileSync(path, bytes);
    expect(await readManifest(base)).toEqual(expected);
  }
});

it.each(['', '{', 'null', '[]', '7', '"x"'])('refuses %j', async (text) => {
  writeFileSync(path, text);
  await expect(readManifest(base)).rejects.toThrow(/^(invalid|missing) .*run\.json/);
  await expect(readManifest(base)).rejects.toBeInstanceOf(RangeError);
});
