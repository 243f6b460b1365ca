import { describe, expect, it } from 'vitest';
import {
  formatDeviation,
  formatQuantity,
  readQuantity,
  readShare,
  readWhole,
} from '../../../src/cli/options/read-quantity.js';

describe('readQuantity', () => {
  it.each([
    ['4800000', 4_800_000],
    ['4.8M', 4_800_000],
    ['400M', 400_000_000],
    ['0.2M', 200_000],
    ['.2M', 200_000],
    ['1.5G', 1_500_000_000],
    ['200K', 200_000],
    ['200k', 200_000],
    ['4.8e6', 4_800_000],
  ])('reads %s', (text, value) => {
    expect(readQuantity('params', text)).toBeCloseTo(value, 6);
  });

  it.each([
    '',
    'M',
    '400MB',
    '400m',
    '4.8X',
    '-3M',
    '0',
    '0M',
    '1,5M',
    '4.8 M B',
    'NaN',
    'Infinity',
    '0x10',
    '1e309',
    '1e308G',
    '5constructor',
  ])('refuses %j with the units that are allowed', (text) => {
    expect(() => readQuantity('macs', text)).toThrow(
      /^invalid macs: .* \(allowed: a number above 0, alone or with K, M or G: 4800000, 4.8M, 0.4G\)$/,
    );
  });
});

it('reads shares and whole numbers', () => {
  expect(['1%', '0.01', '.01', '50%'].map((text) => readShare('within', text))).toEqual([
    0.01, 0.01, 0.01, 0.5,
  ]);
  for (const text of ['0', '0%', '200%', '0.6', '-1%', 'ten']) {
    expect(() => readShare('within', text)).toThrow(`invalid within: ${text} `);
  }
  expect(readWhole('blocks', '16')).toBe(16);
  for (const text of ['', 'ten', '1.5', '-2', '9'.repeat(400)])
    expect(() => readWhole('blocks', text)).toThrow(/^invalid blocks: /);
});

it('writes counts and deviations for people', () => {
  expect([950, 12_345, 4_796_873, 398_370_392, 2.5e9].map(formatQuantity)).toEqual([
    '950',
    '12.35K',
    '4.797M',
    '398.4M',
    '2.5G',
  ]);
  expect([0.0012, -0.0312, 1.5].map(formatDeviation)).toEqual(['+0.12%', '-3.12%', '+150%']);
});
