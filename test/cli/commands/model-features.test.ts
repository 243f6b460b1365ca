import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rankscope, rankscopeInTurn } from '../rankscope.js';

const fixtures = join(__dirname, '../../features/fixtures');
const folder = mkdtempSync(join(tmpdir(), 'rankscope-features-'));
afterAll(() => rmSync(folder, { recursive: true }));
const model = [join(fixtures, 'net.onnx'), '--inputs', join(fixtures, 'images-nchw.npy')];

describe('rankscope model FILE --inputs', () => {
  it('prints what matters first in 80 columns, and keeps a run', () => {
    const out = join(folder, 'run');
    const { stdout, status, stderr } = rankscope(['model', ...model, '--out', out, '--formats', 'svg']);
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/^(\d\/5 inputs, .*\n)*$/); // progress, where it takes ten seconds
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.length > 80 && !/^(run|figure) /.test(line))).toEqual([]);
    expect(stdout).not.toContain('Stopped after');
    expect(stdout).toMatch(/^6 layers, no bottleneck; 1 channel silent on these 5 inputs\.$/m);
    expect(stdout).toMatch(/^deep +6>6 +6 +5 +0\.83 +1\.00 +0\.61 +0\.9\d +0\.17 +0\.17$/m);
    const { spec, state, inputs } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    expect([state, inputs]).toEqual(['complete', { total: 5, done: 5 }]);
    expect(spec).toMatchObject({ format: 'onnx', tolerances: ['relative:0.01', 'energy:0.99'], seed: 0 });
    expect(readFileSync(join(out, 'rows.csv'), 'utf8').split('\n')).toHaveLength(12);
    expect(stdout).toContain(`figure   ${join(out, 'features.svg')}\n`);
    rmSync(join(out, 'features.svg'));
    const [drawn, merged] = rankscopeInTurn([
      ['plot', out, '--formats', 'svg'],
      ['merge', out, '--out', join(folder, 'merged')],
    ]);
    expect(drawn!.stdout).toContain(`figure   ${join(out, 'features.svg')}\n`);
    expect(existsSync(join(out, 'features.svg'))).toBe(true);
    expect(merged!.stderr).toContain('it is of kind features');
    // its own files, those of the figure among them, are replaced, but not unasked
    expect(rankscope(['model', ...model, '--out', out]).stderr).toContain('overwrite');
  });

  it('prints JSON with every setting, and layers by a pattern', () => {
    const flags = [
      '--layers',
      '*w*e*',
      '--tolerance',
      'numpy',
      '--baseline',
      'none',
      '--count',
      '4',
      '--json',
    ];
    const { stdout } = rankscope(['model', ...model, ...flags, '--spectrum']);
    const { features, runner, inputs } = JSON.parse(stdout);
    expect(runner).toMatch(/^onnxruntime-(web|node) \d/);
    expect(inputs).toMatchObject({
      count: 4,
      ran: 4,
      settings: { arrays: [{ input: 'x', dtype: 'float32' }] },
    });
    expect(features[0]).toMatchObject({
      ...{ layer: 'stem.weight', stage: 'before', channels: 6, columns: 256, random: null },
      centred: { ranks: [{ rule: 'numpy', rank: 6, certified: true }] },
    });
    expect(features[0].uncentred.spectrum).toHaveLength(6);
  });

  it('refuses flags that do not go together, and what is not there', () => {
    const refused: [string[], string][] = [
      [['--count', '4'], 'invalid flag: --count (allowed: only with --inputs)'],
      [['--inputs', 'x.npy', '--fold'], 'invalid flag: --fold (allowed: only without --inputs)'],
      [['--inputs', 'x.npy', '--resume'], 'so the model has to run again: --overwrite'],
      [['--inputs', 'x.npy', '--shard', '1/2'], 'features are sums over all inputs, which no part has'],
      [['--inputs', 'x.npy'], 'missing model file: x.npy'],
      [['--inputs', 'x.npy', '--count', '0'], 'invalid count: 0'],
      [['--inputs', 'x.npy', '--mean', 'a'], 'invalid mean: a'],
    ];
    const results = rankscopeInTurn(refused.map(([flags]) => ['model', model[0]!, ...flags]));
    for (const [i, [, message]] of refused.entries()) {
      expect(results[i]!.stderr).toContain(message);
      expect(results[i]!.status).toBe(1);
    }
  });
});
