import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { figures } from '../figures/figures.js';
import { writeFigure } from '../../../src/plots/render/render.js';
import { drawSvg } from '../../../src/plots/render/svg.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beside-'));
});
afterAll(() => rm(folder, { recursive: true }));

// one data set, two of them, truth values, numbers that are not finite, names with commas and quotation marks
it.each(['curve', 'spectrum', 'scalability', 'curveOneLayer', 'curveAllActivations', 'depthNames', 'claims'])(
  '%s is drawn the same with its data in files beside it',
  async (name) => {
    const figure = figures[name]!();
    await writeFigure(figure, join(folder, name), [], { data: 'beside' });
    const text = await readFile(join(folder, `${name}.vl.json`), 'utf8');
    const spec = JSON.parse(text) as TopLevelSpec;
    expect(text).toMatch(/"type": ?"csv"/);
    expect(spec).not.toHaveProperty('datasets');
    expect(await drawSvg(spec, undefined, folder)).toBe(await drawSvg(figure.spec));
  },
);

it('refuses another place of the data', async () => {
  const options = { data: 'above' as 'beside' };
  await expect(writeFigure(figures['curve']!(), join(folder, 'x'), [], options)).rejects.toThrow(
    'unknown data: above (allowed: inside, beside)',
  );
});
