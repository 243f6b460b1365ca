import { describe, expect, it } from 'vitest';
import { curveFigure } from '../../../src/plots/figures/curve/curve.js';
import { fitDrawing } from '../../../src/plots/render/fit-drawing.js';
import { drawSvg } from '../../../src/plots/render/svg.js';
import { contrast, DARK_PAPER, darkColours, recoloured } from '../../../src/plots/render/themes.js';
import { activationStyles } from '../../../src/plots/parts/activation-style.js';
import { activationNames } from '../../../src/activations/definitions.js';
import { sizableFigures } from './figures.js';
import { smallCurve } from './small-data.js';

const side = (svg: string, name: string) =>
  Number(new RegExp(` ${name}="([\\d.]+)"`).exec(svg.slice(0, 400))?.[1]);

describe.each(Object.keys(sizableFigures))('%s', (name) => {
  const make = sizableFigures[name]!;

  it('fills the width that was asked for, with type of the size that was asked for', async () => {
    for (const [width, fontSize] of [
      [640, 11],
      [252, 7],
    ] as const) {
      const figure = make({ width, fontSize });
      const natural = await drawSvg(figure.spec);
      const layout = (width * 11) / fontSize;
      // within the paper, or so little wider that the type keeps its size to a tenth
      expect(side(natural, 'width') / layout).toBeLessThan(1.1);
      expect(side(natural, 'width') / layout).toBeGreaterThan(0.85);
      const fitted = fitDrawing(natural, figure.size);
      expect(side(fitted, 'width')).toBe(width);
      expect(/viewBox="0 0 ([\d.]+)/.exec(fitted)?.[1]).toBe(
        String(Number(Math.max(layout, side(natural, 'width')).toFixed(2))),
      );
    }
  });

  it('has the height that was asked for', async () => {
    const figure = make({ height: 800 });
    const natural = await drawSvg(figure.spec);
    expect(side(natural, 'height') / 800).toBeLessThan(1.1);
    expect(side(natural, 'height') / 800).toBeGreaterThan(0.8);
    expect(side(fitDrawing(natural, figure.size), 'height')).toBe(800);
  });

  it('says how wide it has to be at least', () => {
    const smallest = /^invalid width: 100 \(allowed: at least (\d+) for \d+ panels? side by side at font size 14\)$/;
    let message = '';
    try {
      make({ width: 100, fontSize: 14 });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(smallest);
    expect(() => make({ width: Number(smallest.exec(message)![1]), fontSize: 14 })).not.toThrow();
  });
});

describe('sizes and ranges', () => {
  it.each([
    [{ width: 50 }, 'invalid width: 50 (allowed: a number from 100 to 10000)'],
    [{ width: '400' }, 'invalid width: 400 (allowed: a number from 100 to 10000)'],
    [{ height: NaN }, 'invalid height: NaN (allowed: a number from 80 to 20000)'],
    [{ fontSize: 200 }, 'invalid fontSize: 200 (allowed: a number from 4 to 48)'],
    [{ ratioRange: [1, 0.5] }, 'invalid ratioRange: [1,0.5] (allowed: two numbers from 0 to 1, the lower first)'],
    [{ theme: 'drak' }, 'unknown theme: drak'],
  ])('%j is refused', (options, message) => {
    expect(() => curveFigure(smallCurve(), options as object)).toThrow(message);
  });

  it('zooms into the rank ratios that were asked for', () => {
    const spec = JSON.stringify(curveFigure(smallCurve(), { ratioRange: [0.8, 1] }).spec);
    expect(spec).toContain('"domain":[0.8,1]');
    expect(spec).not.toContain('enlarged');
  });
});

describe('themes', () => {
  it('replaces every light colour but those in names and in the scales of numbers', () => {
    const spec = curveFigure(smallCurve({ activations: ['#ffffff', 'relu'] }), { theme: 'dark' }).spec;
    expect(JSON.stringify(spec.config)).not.toContain('#ffffff');
    expect(spec.config?.background).toBe(DARK_PAPER);
    expect(JSON.stringify(spec)).toContain('"domain":["relu","#ffffff"]');
    const heat = { scale: { range: ['#000000', '#ffffff'], interpolate: 'rgb' }, color: '#ffffff' };
    expect(recoloured(heat, 'dark')).toEqual({ ...heat, color: DARK_PAPER });
  });

  it('keeps every activation visible on dark paper, and all of them different', () => {
    const colours = [...activationStyles(activationNames).values()].map(({ colour }) => colour);
    const dark = colours.map((color) => recoloured({ color }, 'dark').color);
    const rgb = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    for (const colour of dark) expect(contrast(rgb(colour), rgb(DARK_PAPER))).toBeGreaterThanOrEqual(3);
    expect(new Set(dark).size).toBe(new Set(colours).size);
  });

  it('knows for a page what the dark theme draws', () => {
    const { spec } = curveFigure(smallCurve());
    const colours = darkColours(spec);
    const turned = JSON.stringify(spec.config).replace(/#[0-9a-f]{6}/g, (colour) => colours[colour] ?? colour);
    expect(turned).toBe(JSON.stringify(recoloured(spec, 'dark').config));
  });
});
