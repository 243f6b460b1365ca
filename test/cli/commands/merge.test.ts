import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestOf } from './interrupted.js';
import { rowsOf } from '../../store/rows-of.js';
import { rankscope, rankscopeInTurn } from '../rankscope.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-merge-'));
afterAll(() => rmSync(base, { recursive: true }));

const study = [
  ...['curve', '--blocks', 'pointwise', '--activations', 'relu,silu', '--ratios', '0.5,1', '--layers', '3'],
  ...['--channels', '6:12', '--formats', 'svg'],
];
const [one, two, whole] = ['one', 'two', 'whole'].map((name) => join(base, name)) as [string, string, string];

beforeAll(() => {
  expect(rankscope([...study, '--out', whole]).status).toBe(0);
  const { stdout, status } = rankscope([...study, '--shard', '1/2', '--out', one]);
  expect(status).toBe(0);
  expect(stdout).toContain('by dimension ratio, part 1/2 of 3 per point\n');
  expect(stdout).toMatch(/\ncomplete: 6 of 6 layers in /);
  expect(rankscope([...study, '--shard', '2/2', '--out', two]).status).toBe(0);
});

describe('rankscope merge', () => {
  it('joins parts to the run that measures all, draws its figure and says what `curve` says', async () => {
    const out = join(base, 'merged');
    const { stdout, stderr, status } = rankscope(['merge', two, one, '--out', out, '--formats', 'svg']);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^pointwise\n +0\.5 +1\nrelu /);
    expect(stdout).toContain(', 3 layers per point\n');
    expect(stdout).toMatch(/\ncomplete: 12 of 12 layers in \d+ s \(merged from 2 runs, \w+ backend, /);
    expect(stdout).toContain(`figure   ${join(out, 'curve.svg')}\n`);
    expect(await rowsOf(out)).toEqual(await rowsOf(whole));
    for (const name of ['summary.csv', 'curve.svg']) {
      expect(readFileSync(join(out, name), 'utf8')).toBe(readFileSync(join(whole, name), 'utf8'));
    }
    expect(manifestOf(out).merged?.map(({ folder }) => folder)).toEqual([one, two]);
    // what is merged is complete, and no study is to be continued there
    expect(rankscope([...study, '--resume', '--out', out])).toMatchObject({ status: 0, stderr: '' });
  });

  const out = join(base, 'refused');
  const bad: [string, string[], string][] = [
    ['a missing part', ['merge', one, '--out', out], 'missing shards: 2/2 (give the folders of all parts)'],
    [
      'a part given twice',
      ['merge', one, one, '--out', out],
      `invalid shard: 1/2 of ${one} (allowed: each part`,
    ],
    [
      'what is no run',
      ['merge', one, base, '--out', out],
      `invalid run: ${base} (allowed: a folder with a run`,
    ],
    ['no runs', ['merge', '--out', out], 'missing run: none given (see rankscope merge --help)'],
    ['no folder', ['merge', one, two], 'missing flag: --out (see rankscope merge --help)'],
    [
      'an unknown format',
      ['merge', one, '--out', out, '--formats', 'gif'],
      'unknown format: gif (allowed: svg',
    ],
    [
      'a bad shard',
      [...study, '--shard', '3/2', '--out', out],
      'invalid shard: 3/2 (allowed: I/N with whole',
    ],
    [
      'too many shards',
      [...study, '--shard', '1/7', '--out', out],
      'invalid shard: 1/7 (allowed: no more parts than the study has layers, 6)',
    ],
    [
      'bad part-seconds',
      [...study, '--part-seconds', 'soon', '--out', out],
      'invalid part-seconds: soon (allowed: a number >= 0)',
    ],
    [
      'a recount that is to be resumed',
      ['curve', '--from', one, '--tolerance', 'numpy', '--resume', '--out', out],
      'invalid flag: --resume (allowed: only --tolerance with --from',
    ],
  ];
  let refused: ReturnType<typeof rankscopeInTurn>;
  beforeAll(() => {
    refused = rankscopeInTurn(bad.map(([, args]) => args));
  });
  it.each(bad.map(([name, , message], i) => [name, i, message] as const))(
    'or a run refuses %s: one line, exit code 1, nothing written',
    (_, i, message) => {
      const { stdout, stderr, status } = refused[i]!;
      expect(stdout).toBe('');
      expect(stderr.startsWith(`rankscope: ${message}`), stderr).toBe(true);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(status).toBe(1);
      expect(existsSync(out)).toBe(false);
    },
  );
});
