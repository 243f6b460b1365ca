import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isFloat } from '../../src/formats/dtypes.js';
import { layersOf } from '../../src/formats/layers/layers-of.js';
import { openModel } from '../../src/formats/open-model.js';
import { rank } from '../../src/index.js';

/** Where `fetch-models.mjs` put the models. */
const folder = process.env['RANKSCOPE_MODELS'] ?? '';
const answers = JSON.parse(readFileSync(join(__dirname, 'fixtures/real-files.json'), 'utf8')) as Record<
  string,
  [count: number, digest: string]
>;
const hash = (content: string | Uint8Array) =>
  createHash('sha256').update(content).digest('hex').slice(0, 16);

// left out where RANKSCOPE_MODELS does not name a folder with them: they are 50 MB
describe.skipIf(!existsSync(folder))('real models', () => {
  it.each(Object.entries(answers))('%s has the tensors that numpy and onnx read', async (file, answer) => {
    const model = await openModel(join(folder, file));
    const lines: [name: string, line: string][] = [];
    for (const { name, shape, dtype, quantisation, read } of model.tensors) {
      if (!isFloat(dtype) && !quantisation) continue;
      const numbers = await read(
        0,
        shape.reduce((product, n) => product * n, 1),
      );
      const own = hash(new Uint8Array(Float64Array.from(numbers).buffer));
      lines.push([name, `${name} [${shape.join(', ')}] ${own}`]);
    }
    lines.sort(([one], [other]) => (one < other ? -1 : 1));
    expect([lines.length, hash(lines.map(([, line]) => line).join('\n'))]).toEqual(answer);
    expect(layersOf(model).layers.length).toBeGreaterThan(0);
    model.close();
  });

  it('finds that conv_pw_1 of faceres has rank 26 of 32', async () => {
    const model = await openModel(join(folder, 'vladmandic-human/package/models/faceres.json'));
    const layer = layersOf(model).layers.find(({ name }) => name.startsWith('conv_pw_1/'))!;
    const data = await layer.read(0, layer.rows);
    expect([layer.rows, layer.columns]).toEqual([64, 32]);
    expect(rank({ data, rows: 64, columns: 32 }, { tolerance: 'numpy' }).rank).toBe(26);
    model.close();
  });
});
