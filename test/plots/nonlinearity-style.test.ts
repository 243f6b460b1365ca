import { describe, expect, it } from 'vitest';
import { NONLINEARITIES, nonlinearityStyles } from '../../src/plots/nonlinearity-style.js';

type Triple = [number, number, number];

/**
 * What people without one kind of cone see, on linear RGB at full severity: Machado, Oliveira and Fernandes, "A
 * physiologically-based model for simulation of color vision deficiency", IEEE TVCG 15(6), 2009.
 */
const SIGHT: Readonly<Record<string, [Triple, Triple, Triple]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const styles = nonlinearityStyles(NONLINEARITIES);
const pairs = NONLINEARITIES.flatMap((a, i) => NONLINEARITIES.slice(i + 1).map((b) => [a, b] as const));
const paperEight = new Set(NONLINEARITIES.slice(0, 8));

describe('the looks of the nonlinearities', () => {
  // A difference of 0.02 in OKLab is about the smallest that is seen between neighbouring patches.
  it.each(Object.keys(SIGHT))('differ in colour for %s sight', (sight) => {
    for (const [a, b] of pairs) {
      const bound = paperEight.has(a) && paperEight.has(b) ? 0.1 : 0.09;
      const difference = distance(seen(a, sight), seen(b, sight));
      expect(difference, `${a} and ${b}`).toBeGreaterThan(bound);
    }
  });

  it('differ in grey print: in lightness or in dash', () => {
    for (const [a, b] of pairs) {
      const sameDash = String(styles.get(a)!.dash) === String(styles.get(b)!.dash);
      const lightness = Math.abs(seen(a, 'normal')[0] - seen(b, 'normal')[0]);
      if (sameDash) expect(lightness, `${a} and ${b}`).toBeGreaterThan(0.12);
    }
  });

  it('differ in shape', () => {
    expect(new Set([...styles.values()].map((style) => style.shape)).size).toBe(NONLINEARITIES.length);
  });

  it('stand out from white paper', () => {
    for (const name of NONLINEARITIES) expect(luminance(styles.get(name)!.colour)).toBeLessThan(0.45);
  });

  it('do not depend on what else is drawn, nor on the order', () => {
    expect(nonlinearityStyles(['silu']).get('silu')).toEqual(styles.get('silu'));
    expect([...nonlinearityStyles(['silu', 'zeta', 'linear', 'alpha']).keys()]).toEqual([
      'linear',
      'silu',
      'alpha',
      'zeta',
    ]);
  });

  it('give a name of the user its own look, the same each time', () => {
    const once = nonlinearityStyles(['mine']).get('mine')!;
    expect(once.label).toBe('mine');
    expect(nonlinearityStyles(['relu', 'mine']).get('mine')).toEqual(once);
    const all = [...nonlinearityStyles([...NONLINEARITIES, 'a', 'b', 'c', 'd', 'e', 'f']).values()];
    expect(new Set(all.map((style) => `${style.colour}`)).size).toBe(20);
    expect(new Set(all.map((style) => `${style.dash.join()} ${style.shape}`)).size).toBe(20);
    expect(nonlinearityStyles(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'constructor']).size).toBe(8);
  });
});

function seen(name: string, sight: string): Triple {
  const rgb = linear(styles.get(name)!.colour);
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  return oklab(
    SIGHT[sight]!.map((row) => clamp(row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2])) as Triple,
  );
}

function linear(colour: string): Triple {
  return [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Triple;
}

function luminance(colour: string): number {
  const [r, g, b] = linear(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Björn Ottosson, "A perceptual color space for image processing", 2020. */
function oklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function distance(a: Triple, b: Triple): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
