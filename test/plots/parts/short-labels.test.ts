import { describe, expect, it } from 'vitest';
import { labelPixels, shortLabels } from '../../../src/plots/parts/short-labels.js';

describe('shortLabels', () => {
  it('keeps what fits', () => {
    expect(shortLabels(['relu', 'Hard swish'])).toEqual(['relu', 'Hard swish']);
  });

  it('shortens in the middle, to the width', () => {
    const [label] = shortLabels(['mobilenet-v2-with-a-long-name-and-an-end'], 100, 12);
    expect(label).toMatch(/^mobile.*….*end$/);
    expect(labelPixels(label!)).toBeLessThanOrEqual(100);
  });

  it.each([
    ['differ at the end', [`${'n'.repeat(100)}a`, `${'n'.repeat(100)}b`]],
    ['differ in the middle', ['x', 'y'].map((it) => `${'n'.repeat(60)}${it}${'m'.repeat(60)}`)],
    ['differ at the beginning', ['x', 'y'].map((it) => `${it}${'n'.repeat(90)}`)],
    ['are the same', Array.from({ length: 12 }, () => 'n'.repeat(80))],
    ['are empty or blank', ['', ' ', '\n', '\t\r\n', '\u200e']],
    ['differ in blanks alone', ['a b', 'a\nb', 'a\tb', 'a  b']],
    ['are sixty of one kind', Array.from({ length: 60 }, (_, i) => `${'p'.repeat(70)}${i}${'q'.repeat(70)}`)],
    ['look the same', ['e\u0301', '\u00e9', 'ab', 'a\u200bb', 'a\u2060b\ufe0f', '\u200b', '']],
    ['look like numbered ones', ['a', 'a', 'a (2)', 'a (2)']],
    ['are of Chinese characters', ['激', '活'].map((it) => '平方'.repeat(30) + it + '宽度'.repeat(30))],
  ])('keeps labels apart and short whose names %s', (_, names) => {
    const labels = shortLabels(names);
    const looks = labels.map((label) => label.normalize('NFC').replace(/\p{DI}/gu, ''));
    expect(new Set(looks).size).toBe(names.length);
    for (const label of labels) {
      expect(label).not.toMatch(/^\s*$|[\n\t\r]/);
      expect(labelPixels(label)).toBeLessThanOrEqual(146);
    }
  });

  it('shows where names of one beginning and one end differ', () => {
    const [a, b] = shortLabels(['x', 'y'].map((it) => `${'n'.repeat(60)}${it}${'m'.repeat(60)}`));
    expect(a).toMatch(/^n+…n?xm/);
    expect(b).toMatch(/^n+…n?ym/);
  });

  it('cuts no pair of a character in halves and leaves no mark alone', () => {
    for (const label of shortLabels(['🚀'.repeat(40), 'e\u0301'.repeat(80)])) {
      expect(label).not.toMatch(/\p{Surrogate}/u);
      expect(label).not.toMatch(/…\p{M}/u);
    }
  });
});
