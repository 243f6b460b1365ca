import { describe, expect, it } from 'vitest';
import { ciede2000, type Triple } from './colour-difference.js';
import { BOUNDS, freeColours, luminance, MAX_LUMINANCE, seen, SIGHTS } from './colour-search.js';
import { activationNames } from '../../../src/activations/definitions.js';
import { activationStyles } from '../../../src/plots/parts/activation-style.js';

const styles = activationStyles(activationNames);
const colourOf = (name: string) => styles.get(name)!.colour;
const pairs = activationNames.flatMap((a, i) => activationNames.slice(i + 1).map((b) => [a, b] as const));

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
  it.each(SIGHTS)('differ in colour for %s sight', (sight) => {
    for (const [a, b] of pairs) {
      const difference = ciede2000(seen(colourOf(a), sight), seen(colourOf(b), sight));
      if (difference > BOUNDS[sight]) continue;
      // the later of a pair is the newer one
      const others = activationNames.filter((name) => name !== b).map(colourOf);
      const free = freeColours(others).join(', ') || 'none on the grid';
      const [found, allowed] = [difference.toFixed(1), BOUNDS[sight]];
      expect.fail(
        `${a} and ${b} differ by ${found}, not above ${allowed}; colours for ${b} that do: ${free}`,
      );
    }
  });

  it.each(['colour', 'dash', 'shape'] as const)('differ in %s', (look) => {
    for (const [a, b] of pairs)
      expect(String(styles.get(b)![look]), `the ${look} of ${b} is that of ${a}`).not.toBe(
        String(styles.get(a)![look]),
      );
  });

  it('stand out from white paper', () => {
    for (const name of activationNames)
      expect(luminance(colourOf(name)), `the luminance of ${name}`).toBeLessThan(MAX_LUMINANCE);
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
