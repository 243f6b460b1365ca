import { expect, it } from 'vitest';
import { figures } from '../figures/figures.js';
import { compactSvg } from '../../../src/plots/render/compact-svg.js';
import { svgToPng } from '../../../src/plots/render/png.js';
import { drawSvg } from '../../../src/plots/render/svg.js';
import { pixelsOf } from './pixels-of.js';

it.each(['curve', 'spectrum', 'claims'])('%s looks the same when compact', async (name) => {
  const drawing = await drawSvg(figures[name]!().spec);
  const compact = compactSvg(drawing);
  expect(compact.length).toBeLessThan(0.8 * drawing.length);
  const [before, after] = [pixelsOf(svgToPng(drawing)), pixelsOf(svgToPng(compact))];
  expect(after.length).toBe(before.length);
  const different = before.filter((value, i) => Math.abs(value - after[i]!) > 24).length;
  expect(different / before.length).toBeLessThan(1e-3);
});

it('rounds coordinates and leaves texts, scales and lines of no width alone', () => {
  const svg =
    '<svg width="10"><g aria-label="a" class="b" opacity="1"><path transform="translate(1.23456,-0.001)" d="M0.126,1e-7" ' +
    'stroke="#000" stroke-width="0"/><path transform="scale(0.00123)" d="M1,1"/><text>x="1.23456"</text></g></svg>';
  expect(compactSvg(svg)).toBe(
    '<svg width="10"><g><path transform="translate(1.23,0)" d="M0.13,1e-7" stroke="#000" stroke-width="0"/>' +
      '<path transform="scale(0.00123)" d="M1,1"/><text>x="1.23456"</text></g></svg>',
  );
});
