import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { predictPhase } from '../../../src/theory/predict-phase.js';
import { rankscope } from '../rankscope.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-predict-'));
afterAll(() => rmSync(folder, { recursive: true }));

const words = [
  ...['curve', '--predict', '--blocks', 'pointwise', '--activations', 'relu,silu', '--ratios', '0.25'],
  ...['--protocol', 'standard', '--tolerance', 'relative:0.03', '--formats', 'svg'],
];

describe('curve --predict', () => {
  it('draws a width no layer could be drawn at', () => {
    const out = join(folder, 'wide');
    const { stdout, stderr, status } = rankscope([...words, '--channels', '100000:100000', '--out', out]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('predicted: no layer was drawn');
    expect(readFileSync(join(out, 'curve.svg'), 'utf8')).toContain('no layer was drawn');
    expect(readFileSync(join(out, 'curve.csv'), 'utf8').split('\n')[1]).toMatch(
      /^pointwise,output,relu,0.25,/,
    );
    expect(existsSync(join(out, 'run.json'))).toBe(false);
  });

  it('measures as well with --layers, and `plot RUN --predict` draws the same', () => {
    const out = join(folder, 'beside');
    const run = rankscope([
      ...[...words, '--channels', '32:32', '--layers', '2', '--workers', '0', '--out', out],
    ]);
    expect(run.status).toBe(0);
    const drawn = readFileSync(join(out, 'curve.svg'), 'utf8');
    expect(drawn).toContain('Lines: predicted');
    const points = readFileSync(join(out, 'curve-predicted.csv'), 'utf8');
    expect(points).toContain('rank_ratio_predicted');
    const other = join(folder, 'again');
    expect(rankscope(['plot', out, '--predict', '--formats', 'svg', '--out', other]).status).toBe(0);
    expect(readFileSync(join(other, 'curve.svg'), 'utf8')).toBe(drawn);
  });

  const occupied = join(folder, 'occupied');
  mkdirSync(occupied);
  writeFileSync(join(occupied, 'mine.txt'), '');
  it.each([
    [[...words, '--workers', '2'], 'invalid flag: --workers (allowed: only with --layers beside --predict'],
    [[...words, '--weights', 'orthogonal'], 'missing prediction: no point'],
    [[...words, '--out', occupied], 'invalid output folder'],
    [['plot', 'figures/figure-1', 'figures/spectra/fitted', '--predict'], 'invalid flag: --predict'],
  ])('refuses %j', (given, message) => {
    const { stderr, status } = rankscope(given);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });
});

describe('phase', () => {
  it('prints and draws the difference of two activations', () => {
    const out = join(folder, 'phase');
    const { stdout, status } = rankscope([
      ...['phase', 'silu', 'relu', '--widths', '64', '--tolerances', '0.1', '--formats', 'svg', '--out', out],
    ]);
    expect(status).toBe(0);
    expect(stdout.split('\n').slice(0, 2)).toEqual(['tolerance       64', '0.1         +0.229']);
    expect(stdout).toContain('pointwise layers at dimension ratio 0.25, protocol standard: N = 4 d_out\n');
    expect(existsSync(join(out, 'phase.csv'))).toBe(true);
  });

  it('takes the choices of a layer in place of those of the named protocol', () => {
    const out = join(folder, 'phase-own');
    const { stdout, stderr, status } = rankscope([
      ...[
        'phase',
        'silu',
        'relu',
        '--widths',
        '64',
        '--tolerance',
        'relative:0.1',
        '--formats',
        'svg',
        '--out',
        out,
      ],
      ...['--samples', '2x', '--inputs', 'uniform'],
    ]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const [point] = predictPhase({
      activations: ['silu', 'relu'],
      widths: [64],
      tolerances: [0.1],
      protocol: { preset: 'standard', samples: '2x', inputs: 'uniform' } as object,
    });
    expect(stdout.split('\n')[1]).toBe(`0.1         +${point!.difference.toFixed(3)}`);
    expect(point!.difference).not.toBeCloseTo(0.227, 2);
    // the caption names every choice; its lines are entries of a list
    const caption = readFileSync(join(out, 'phase.vl.json'), 'utf8').replace(/",\s*"/g, ' ');
    expect(caption).toContain(
      'inputs uniform from 0 to 1; batch normalization; scale 1; shift 0; 1 × 1 pixel;',
    );
    expect(caption).toContain('N = 2 d_out.');
  });

  it.each([
    [['relu'], 'invalid activations: relu (allowed: two'],
    [['relu', 'silu', '--inputs', 'file:x.npy'], 'missing prediction: the protocol (inputs from a file'],
    [['relu', 'silu', '--samples', '0'], 'invalid samples: 0'],
    [['relu', 'silu', 'elu'], 'invalid activations: relu silu elu'],
    [['relu', 'siul'], 'unknown activation: siul'],
    [['relu', 'constructor'], 'unknown activation: constructor'],
    [['relu', 'silu', '--widths', '1'], 'invalid widths: 1 (allowed: whole numbers >= 2)'],
    [
      ['relu', 'silu', '--tolerances', '2'],
      'invalid tolerances: 2 (allowed: numbers in (0, 1), as 0.01 or relative:0.01)',
    ],
    [['relu', 'silu', '--tolerances', 'absolute:0.1'], 'invalid tolerances: absolute:0.1'],
    [
      ['relu', 'silu', '--width', '64,128'],
      'invalid width: 64,128 (allowed: a number of pixels; --widths are',
    ],
    [['relu', 'silu', '--ratio', '0'], 'invalid ratio: 0'],
  ])('refuses %j', (given, message) => {
    const { stderr, status } = rankscope(['phase', ...given]);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });
});
