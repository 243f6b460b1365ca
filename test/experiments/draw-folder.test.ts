import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTable, writeTable } from 'rankscope';
import { latencyFigure, type LatencyPoint } from 'rankscope/figures';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawEntry } from '../../experiments/draw-folder';
import { smallLatency } from '../plots/figures/small-results.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rankscope-draw-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The figure of all measured networks but the first. */
const entry = (table: string) => ({
  formats: [],
  draw: async (from: string) => latencyFigure((await readTable<LatencyPoint>(`${from}/${table}`)).slice(1)),
});

describe('drawEntry', () => {
  it('writes the figure and its table beside the measured one', async () => {
    await writeTable(`${folder}/measured.csv`, smallLatency());
    const written = await drawEntry(entry('measured.csv'), folder, 'latency');
    expect(written.map((path) => path.slice(folder.length + 1)).sort()).toEqual([
      'latency.csv',
      'latency.vl.json',
    ]);
  });

  it('keeps a measured table that has the name of the figure’s own', async () => {
    await writeTable(`${folder}/latency.csv`, smallLatency());
    const before = readFileSync(`${folder}/latency.csv`, 'utf8');
    await expect(drawEntry(entry('latency.csv'), folder, 'latency')).rejects.toThrow(
      `invalid name of a measured table in ${folder}: latency.csv (allowed: none of the figure's own`,
    );
    expect(readFileSync(`${folder}/latency.csv`, 'utf8')).toBe(before);
  });
});
