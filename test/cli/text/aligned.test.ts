import { describe, expect, it } from 'vitest';
import { aligned } from '../../../src/cli/text/aligned.js';
import { wrapped } from '../../../src/cli/text/fit-width.js';

describe('names from files', () => {
  it('keep to their line and cannot control the terminal', () => {
    expect(
      aligned([
        ['layer', 'rank'],
        ['a\nb', '4'],
        ['c\u001b[31m', '16'],
      ]),
    ).toEqual([
      'layer        rank', //
      'a\\nb            4',
      'c\\u001b[31m    16',
    ]);
    expect(wrapped('lowest a\r\nb, 8 of 16')).toEqual(['lowest a\\r\\nb, 8 of 16']);
  });
});
