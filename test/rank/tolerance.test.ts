import { describe, expect, it } from 'vitest';

import { formatTolerance, parseTolerance, type Tolerance } from '../../src/rank/tolerance.js';

const written: [string, Tolerance][] = [
  ['numpy', { name: 'numpy' }],
  ['torch', { name: 'torch' }],
  ['torch:rtol=0.001', { name: 'torch', rtol: 1e-3 }],
  ['torch:atol=0.01', { name: 'torch', atol: 1e-2 }],
  ['torch:rtol=0.001,atol=0.01', { name: 'torch', rtol: 1e-3, atol: 1e-2 }],
  ['matlab', { name: 'matlab' }],
  ['relative:0.01', { name: 'relative', r: 0.01 }],
  ['relative:0', { name: 'relative', r: 0 }],
  ['absolute:1e-9', { name: 'absolute', t: 1e-9 }],
  ['energy:0.99', { name: 'energy', p: 0.99 }],
  ['energy:1', { name: 'energy', p: 1 }],
  ['srank:0.01', { name: 'srank', d: 0.01 }],
];

describe('parseTolerance', () => {
  it.each(written)('reads %s', (text, tolerance) => {
    expect(parseTolerance(text)).toEqual(tolerance);
    expect(parseTolerance(tolerance)).toEqual(tolerance);
  });

  it('takes other ways to write the same', () => {
    expect(parseTolerance(' relative:1E-2 ')).toEqual({ name: 'relative', r: 0.01 });
    expect(parseTolerance('absolute:.5')).toEqual({ name: 'absolute', t: 0.5 });
    expect(parseTolerance('torch: atol=1, rtol=0')).toEqual({ name: 'torch', rtol: 0, atol: 1 });
  });

  it.each(['', 'foo', 'Numpy', 'relativ:0.1', 'toString', 'constructor:1', ':0.1'])(
    'refuses %j with all the rules',
    (text) => {
      expect(() => parseTolerance(text)).toThrow(
        /^unknown tolerance: .*numpy, torch, .*matlab, relative:R, absolute:T, energy:P, srank:D/,
      );
    },
  );

  it.each([
    ['0.01', 'relative:0.01'],
    ['.01', 'relative:0.01'],
    ['1e-3', 'relative:0.001'],
    ['0', 'relative:0'],
    ['2.5', 'absolute:2.5'],
    ['1%', 'relative:0.01'],
    ['relative=0.01', 'relative:0.01'],
    ['relative 0.01', 'relative:0.01'],
    ['relativ:0.1', 'relative:0.1'],
    ['rel:0.1', 'relative:0.1'],
    ['Relative:0.1', 'relative:0.1'],
    ['rtol=0.01', 'torch:rtol=0.01'],
    ['atol:0.01', 'torch:atol=0.01'],
    ['Numpy', 'numpy'],
    ['nunpy', 'numpy'],
    ['pytorch', 'torch'],
    ['MATLAB', 'matlab'],
    ['enrgy:0.9', 'energy:0.9'],
    ['srnak:0.01', 'srank:0.01'],
    ['relativ:x', undefined],
    ['-0.01', undefined],
  ])('says what %j may have meant: %s', (text, near) => {
    const hint = near === undefined ? '' : `near: ${near}; `;
    expect(() => parseTolerance(text)).toThrow(`unknown tolerance: ${text} (${hint}allowed: numpy, `);
  });

  it('says what a number out of range may have meant', () => {
    expect(() => parseTolerance('relative:1%')).toThrow('R >= 0; near: relative:0.01)');
    expect(() => parseTolerance('energy:99%')).toThrow('P <= 1)');
  });

  it.each([
    ['numpy:1', /numpy takes no number/],
    ['matlab:', /matlab takes no number/],
    ['relative', /relative:R with a finite R >= 0/],
    ['relative:', /relative:R/],
    ['relative:1e999', /relative:R/],
    ['relative:-0.1', /relative:R/],
    ['relative:0.1x', /relative:R/],
    ['relative:NaN', /relative:R/],
    ['relative:0x1', /relative:R/],
    ['absolute:-1', /absolute:T/],
    ['absolute:Infinity', /absolute:T/],
    ['absolute:1e999', /absolute:T/],
    ['energy:0', /energy:P with 0 < P <= 1/],
    ['energy:1.01', /energy:P/],
    ['srank:1', /srank:D with 0 <= D < 1/],
    ['torch:', /torch:rtol=R/],
    ['torch:0.1', /torch:rtol=R/],
    ['torch:rtol=', /torch:rtol=R/],
    ['torch:rtol=1,rtol=2', /torch:rtol=R/],
    ['torch:tol=1', /torch:rtol=R/],
    ['torch:rtol=1,', /torch:rtol=R/],
    ['torch:atol=-1', /torch:rtol=R/],
  ])('refuses %s and says what is allowed', (text, message) => {
    expect(() => parseTolerance(text)).toThrow(RangeError);
    expect(() => parseTolerance(text)).toThrow(/^invalid tolerance: /);
    expect(() => parseTolerance(text)).toThrow(message);
  });

  it('checks tolerances given as data', () => {
    expect(() => parseTolerance({ name: 'relative', r: -2 })).toThrow(/invalid tolerance: relative:-2/);
    expect(() => parseTolerance({ name: 'absolute', t: NaN })).toThrow(/invalid tolerance: absolute:NaN/);
    expect(() => parseTolerance({ name: 'other' } as unknown as Tolerance)).toThrow(
      /unknown tolerance: other/,
    );
  });
});

describe('formatTolerance', () => {
  it('has one zero', () => {
    expect(parseTolerance('relative:-0')).toEqual(
      parseTolerance(formatTolerance(parseTolerance('relative:-0'))),
    );
  });

  it.each(written)('writes %s', (text, tolerance) => {
    expect(formatTolerance(tolerance)).toBe(text);
  });
});
