import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { isFloat } from '../../src/formats/dtypes.js';
import { layersOf } from '../../src/formats/layers/layers-of.js';
import { openModel } from '../../src/formats/open-model.js';
import { rank } from '../../src/index.js';
import { measureWeights } from '../../src/weights/measure-weights.js';

/** Where `fetch-models.mjs` put the models. */
const folder = process.env['RANKSCOPE_MODELS'] ?? '';
const answers = JSON.parse(readFileSync(join(__dirname, 'fixtures/real-files.json'), 'utf8')) as Record<
  string,
  [count: number, digest: string]
>;
const hash = (content: string | Uint8Array) =>
  createHash('sha256').update(content).digest('hex').slice(0, 16);

const PYTHON = process.env['RANKSCOPE_PYTHON'] ?? 'python3';
const hasNumpy = spawnSync(PYTHON, ['-c', 'import numpy']).status === 0;
/** Entries of the largest matrix that numpy is asked for. */
const LARGEST = 2 ** 22;

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

  // left out where there is no Python with numpy
  it.skipIf(!hasNumpy)('have spectra as numpy has them, layer by layer', { timeout: 600_000 }, async () => {
    const matrix = join(mkdtempSync(join(tmpdir(), 'rankscope-real-')), 'matrix');
    const script =
      'import sys, numpy\n' +
      'for line in sys.stdin:\n' +
      '  rows, columns = map(int, line.split())\n' +
      '  a = numpy.fromfile(sys.argv[1]).reshape(rows, columns)\n' +
      '  numpy.linalg.svd(a, compute_uv=False).tofile(sys.argv[1])\n' +
      '  print("done", flush=True)\n';
    const python = spawn(PYTHON, ['-c', script, matrix]);
    const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
    for (const file of Object.keys(answers)) {
      const model = await openModel(join(folder, file));
      const { layers } = layersOf(model);
      const measured = await measureWeights(model, { baseline: 'none', tolerances: ['numpy'] });
      const found = measured.layers.filter(({ rows, columns }) => rows * columns <= LARGEST);
      for (const { name, rows, columns, spectrum } of found) {
        const data = await layers.find((layer) => layer.name === name)!.read(0, rows);
        writeFileSync(matrix, Float64Array.from(data));
        python.stdin.write(`${rows} ${columns}\n`);
        await lines.next();
        const bytes = readFileSync(matrix);
        const theirs = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
        const worst = theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - spectrum[i]!)), 0);
        expect(worst / (theirs[0] || 1), `${file}: ${name}`).toBeLessThan(1e-6);
      }
      expect(found.length).toBeGreaterThan(0);
      model.close();
    }
    python.kill();
    rmSync(join(matrix, '..'), { recursive: true });
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
