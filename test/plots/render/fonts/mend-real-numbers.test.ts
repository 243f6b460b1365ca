import { existsSync, readFileSync } from 'node:fs';
import * as fontkit from 'fontkit';
import type { Font } from 'fontkit';
import { describe, expect, it } from 'vitest';
import { mendRealNumbers } from '../../../../src/plots/render/fonts/mend-real-numbers.js';
import { subsetFont } from '../../../../src/plots/render/fonts/subset-font.js';
import { chromiumFound, startChromium } from '../../../chromium.js';

/** An INDEX of parts, with offsets of one byte. */
const index = (...parts: number[][]) => {
  let end = 1;
  const offsets = [end, ...parts.map(({ length }) => (end += length))];
  return [0, parts.length, 1, ...offsets, ...parts.flat()];
};
const whole = (number: number) => [29, 0, 0, number >> 8, number & 255];

/**
 * Returns the tables of a CID font, each dictionary with one real number. Some have an even number of digits, some an
 * odd one.
 */
function cffTable(end: number): Uint8Array {
  const [even, odd] = [
    [30, 0x2a, 0x00, end], // 2.00
    [30, 0x2a, 0x0f], // 2.0
  ];
  const own = [...even, 10, ...odd, 12, 9]; // StdHW, BlueScale
  const head = [1, 0, 4, 4, ...index([65, 66])];
  const top = (fonts: number) => [...even, 12, 31, 28, 0xf0, 0xf0, 1, 247, 0xf0, 2, ...whole(fonts), 12, 36];
  const after = head.length + index(top(0)).length;
  const font = (place: number) => [...even, 12, 7, ...whole(own.length), ...whole(place), 18];
  const fonts = after + own.length;
  return Uint8Array.from([...head, ...index(top(fonts)), ...own, ...index(font(after), [...odd, 12, 7])]);
}

describe('mendRealNumbers', () => {
  it('ends real numbers in the top, font and private dictionaries, and touches nothing else', () => {
    const table = cffTable(0xf0);
    mendRealNumbers(table);
    expect([...table]).toEqual([...cffTable(0xff)]);
    mendRealNumbers(table);
    expect([...table]).toEqual([...cffTable(0xff)]);
  });
});

// Noto Sans CJK has CIDFontVersion 2.00399995
const path = '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc';
const missing = [
  ...(existsSync(path) ? [] : ["no Noto Sans CJK (Debian's fonts-noto-cjk)"]),
  ...(chromiumFound ? [] : ['no Chromium']),
].join(', ');

it.skipIf(missing !== '')(
  `a subset of an OpenType font loads in Chromium${missing && ` (${missing})`}`,
  async () => {
    const font = fontkit.create(readFileSync(path), 'NotoSansCJKjp-Regular') as Font;
    const data = Buffer.from(subsetFont(font, '層重みAB12')).toString('base64');
    const browser = await startChromium();
    try {
      const page = await browser.newPage();
      await page.setContent(
        `<style>@font-face { font-family: subset; src: url(data:font/otf;base64,${data}) }</style>`,
      );
      const states = page.evaluate(async () =>
        (await document.fonts.load('16px subset', '層')).map(({ status }) => status),
      );
      expect(await states).toEqual(['loaded']);
    } finally {
      await browser.close();
    }
  },
);
