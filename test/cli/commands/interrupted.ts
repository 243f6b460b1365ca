import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Manifest } from '../../../src/runs/study-run.js';
import { rowsOf } from '../../store/rows-of.js';

export const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Manifest;

/** Expects the run in a folder to be to the last bit what the other, never stopped, is. */
export async function expectSame(folder: string, reference: string): Promise<void> {
  expect(await rowsOf(folder)).toEqual(await rowsOf(reference));
  expect(readFileSync(join(folder, 'summary.csv'), 'utf8')).toBe(
    readFileSync(join(reference, 'summary.csv'), 'utf8'),
  );
  const { state, layers, study, error } = manifestOf(folder);
  const expected = manifestOf(reference);
  expect({ state, layers, study, error }).toEqual({
    state: 'complete',
    layers: expected.layers,
    study: expected.study,
    error: null,
  });
  // the figures aside, nothing is there that a run never stopped has not
  const names = (path: string) => readdirSync(path).filter((name) => !/^(curve|spectrum)/.test(name));
  expect(names(folder).sort()).toEqual(['ranks.csv', 'rows.parquet', 'run.json', 'summary.csv']);
}

/** Waits for the end of a process and returns its exit code; null if it was killed. */
export async function exitOf(process: ChildProcess): Promise<number | null> {
  if (process.exitCode !== null || process.signalCode !== null) return process.exitCode;
  const [code] = (await once(process, 'exit')) as [number | null];
  return code;
}

/** A run of a fraction of a second: two layers, each with two activations. */
export const tiny = [
  ...['curve', '--blocks', 'pointwise', '--activations', 'relu,silu', '--ratios', '0.5,1', '--layers', '1'],
  ...['--channels', '6:12', '--spectra', '--workers', '0', '--part-seconds', '0', '--formats', 'svg'],
];

/** A run of some seconds, in two workers; its parts are written all the time. */
export const small = (layers: number) => [
  ...[
    'curve',
    '--blocks',
    'pointwise,inverted-depthwise',
    '--activations',
    'relu,silu',
    '--ratios',
    '0.25,1',
  ],
  ...['--channels', '16:48', '--workers', '2', '--part-seconds', '0.05', '--formats', 'svg'],
  ...['--layers', String(layers)],
];

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
