import { describe, expect, it } from 'vitest';
import { cielab, ciede2000, linearLight, type Triple } from './colour-difference.js';
import { activationNames } from '../../../src/activations/definitions.js';
import { activationStyles } from '../../../src/plots/parts/activation-style.js';

/**
 * Colours as seen without one kind of cone, as matrices on linear RGB at full severity. Source: Machado, Oliveira and
 * Fernandes, "A physiologically-based model for simulation of color vision deficiency", IEEE TVCG 15(6), 2009.
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

const styles = activationStyles(activationNames);
const pairs = activationNames.flatMap((a, i) => activationNames.slice(i + 1).map((b) => [a, b] as const));

/** The smallest difference of any two, by sight: one that is looked for is seen from 2 or 3 on. */
const BOUNDS: Readonly<Record<string, number>> = {
  normal: 18,
  protanopia: 12,
  deuteranopia: 12,
  tritanopia: 3,
};

describe('ciede2000', () => {
  it.each<[Triple, Triple, number]>([
    // rows 1, 7, 13, 17 and 25 of the table that comes with the paper
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, -0.001, 2.49], [50, 0.0011, -2.49], 4.7461],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
  ])('%j and %j differ by %d', (a, b, difference) => {
    expect(ciede2000(a, b)).toBeCloseTo(difference, 4);
  });
});

describe('the looks of the activations', () => {
  it.each(Object.keys(SIGHT))('differ in colour for %s sight', (sight) => {
    for (const [a, b] of pairs)
      expect(ciede2000(seen(a, sight), seen(b, sight)), `${a} and ${b}`).toBeGreaterThan(BOUNDS[sight]!);
  });

  it.each(['colour', 'dash', 'shape'] as const)('differ in %s', (look) => {
    expect(new Set([...styles.values()].map((style) => String(style[look]))).size).toBe(
      activationNames.length,
    );
  });

  it('stand out from white paper', () => {
    for (const name of activationNames) expect(luminance(styles.get(name)!.colour)).toBeLessThan(0.45);
  });

  it('do not depend on what else is drawn, nor on the order', () => {
    expect(activationStyles(['silu']).get('silu')).toEqual(styles.get('silu'));
    expect([...activationStyles(['silu', 'zeta', 'linear', 'alpha']).keys()]).toEqual([
      'linear',
      'silu',
      'alpha',
      'zeta',
    ]);
  });

  it('give a name of the user its own look, the same each time', () => {
    const once = activationStyles(['mine']).get('mine')!;
    expect(once.label).toBe('mine');
    expect(activationStyles(['relu', 'mine']).get('mine')).toEqual(once);
    const all = [...activationStyles([...activationNames, 'a', 'b', 'c', 'd', 'e', 'f']).values()];
    expect(new Set(all.map((style) => `${style.colour}`)).size).toBe(activationNames.length + 6);
    expect(new Set(all.map((style) => `${style.dash.join()} ${style.shape}`)).size).toBe(
      activationNames.length + 6,
    );
    const many = [...activationStyles([...'abcdefghijklmnopqr', 'constructor', '__proto__']).values()];
    const looks = many.map(({ colour, dash, shape }) => `${colour} ${dash.join()} ${shape}`);
    expect(new Set(looks).size).toBe(20);
  });
});

function seen(name: string, sight: string): Triple {
  const rgb = linearLight(styles.get(name)!.colour);
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  return cielab(
    SIGHT[sight]!.map((row) => clamp(row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2])) as Triple,
  );
}

function luminance(colour: string): number {
  const [r, g, b] = linearLight(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
