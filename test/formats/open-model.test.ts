import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldNormalization } from '../../src/formats/layers/fold-normalization.js';
import { layersOf } from '../../src/formats/layers/layers-of.js';
import { openModel } from '../../src/formats/open-model.js';
import type { Numbers } from '../../src/formats/model-file.js';

const fixtures = join(__dirname, 'fixtures');

interface Expected {
  readonly format: string;
  readonly layers: Record<string, [kind: string, rows: number, columns: number, digest: string]>;
  readonly aliases?: Record<string, string[]>;
  readonly notes?: string[];
  readonly skipped?: Record<string, string>;
  readonly normalization?: Record<string, [name: string, factors: number[]]>;
}
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as Record<
  string,
  Expected
>;

const digestOf = (numbers: Numbers) =>
  createHash('sha256')
    .update(new Uint8Array(Float64Array.from(numbers).buffer))
    .digest('hex')
    .slice(0, 16);

describe('the layers of files that torch, onnx, h5py and numpy wrote', () => {
  it.each(Object.entries(expected))('%s', async (file, answer) => {
    const model = await openModel(join(fixtures, file));
    const { layers, skipped } = layersOf(model);
    const found: Expected['layers'] = {};
    for (const layer of layers) {
      const whole = await layer.read(0, layer.rows);
      found[layer.name] = [layer.kind, layer.rows, layer.columns, digestOf(whole)];
      // a block in the middle is the same numbers
      const [row, column] = [layer.rows >> 1, layer.columns >> 1];
      const block = await layer.read(row, layer.rows - row, column, layer.columns - column);
      const width = layer.columns - column;
      for (const [i, value] of block.entries())
        expect(value).toBe(whole[(row + Math.floor(i / width)) * layer.columns + column + (i % width)]);
    }
    expect(found).toEqual(answer.layers);
    expect(model.format).toBe(answer.format);
    for (const [name, aliases] of Object.entries(answer.aliases ?? {}))
      expect(layers.find((layer) => layer.name === name)?.aliases).toEqual(aliases);
    if (answer.notes) expect(model.notes).toEqual(answer.notes.map((note) => expect.stringContaining(note)));
    for (const [name, reason] of Object.entries(answer.skipped ?? {}))
      expect(skipped.find((one) => one.name === name)?.reason).toContain(reason);
    for (const [name, [beside, factors]] of Object.entries(answer.normalization ?? {})) {
      const normalization = layers.find((layer) => layer.name === name)?.normalization;
      expect(normalization).toMatchObject({ name: beside, known: true });
      const own = await normalization!.factors!();
      const layer = layers.find((one) => one.name === name)!;
      const [plain, folded] = [
        await layer.read(1, 1, 2, 3),
        await (await foldNormalization(layer)).read(1, 1, 2, 3),
      ];
      expect([...folded]).toEqual([...plain].map((weight) => weight * own[1]!));
      for (const [i, factor] of factors.entries()) expect(own[i]).toBeCloseTo(factor, 14);
    }
    model.close();
  });

  it('runs nothing and leaves no temporary files', () => {
    expect(existsSync('hostile-pickle-was-run')).toBe(false);
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith(`rankscope-model-${process.pid}-`));
    expect(left).toEqual([]);
  });

  it('follows no link of HDF5 out of the file', async () => {
    const model = await openModel(join(fixtures, 'links.h5'));
    expect(model.tensors.map(({ name, aliases }) => [name, ...aliases])).toEqual([['same', 'w']]);
    expect(layersOf(model).skipped).toContainEqual({ name: 'other', reason: 'a link to another file' });
    expect(layersOf(model).skipped).toContainEqual({
      name: 'outside',
      reason: 'its numbers are in other files',
    });
    model.close();
  });
});
