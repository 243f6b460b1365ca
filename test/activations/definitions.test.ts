import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { activationDefinitions, activationNames } from '../../src/activations/definitions.js';
import { KernelInstance } from '../../src/kernels/kernel-instance.js';
import { activations } from '../../src/layers/activations.js';
import { useBackend } from '../../src/layers/backend.js';
import { tf } from '../../src/layers/tensors.js';

/** Both tails, the kinks at -3, 0, 3 and 6, and numbers near 0 of both signs. */
const xs = Float32Array.from([
  ...[-80, -20, -7.5, -6, -3, -2.9, -1, -0.3, -1e-3, -1e-7, -1e-20, 0],
  ...[1e-20, 1e-7, 1e-3, 0.3, 0.999, 1, 2.5, 3, 5.9, 6, 6.1, 20, 80],
]);

describe.each(activationNames)('%s', (name) => {
  const { value, derivative, kernel, formula, label } = activationDefinitions[name];
  const expected = Array.from(xs, (x) => value(x));
  // ten float32 roundings of the largest of |x|, |f(x)| and 1: what products and a quotient of such numbers lose at most
  const close = (given: ArrayLike<number>) =>
    xs.forEach((x, i) => {
      const error = Math.abs(given[i]! - expected[i]!);
      expect(error, `${name}(${x}) = ${given[i]}, not ${expected[i]}`).toBeLessThanOrEqual(
        10 * 2 ** -24 * Math.max(1, Math.abs(x), Math.abs(expected[i]!)),
      );
    });

  it('has the derivative of its value, from one side at a kink', () => {
    for (const x of xs) {
      // differences of second order: exact for parabolas, and from one side, so that one of them misses a kink
      const slope = (h: number) => (4 * value(x + h) - 3 * value(x) - value(x + 2 * h)) / (2 * h);
      const slopes = [slope(1e-5), slope(-1e-5)];
      const distance = Math.min(...slopes.map((slope) => Math.abs(slope - derivative(x))));
      const tolerance = 1e-9 * Math.max(1, Math.abs(expected[xs.indexOf(x)]!));
      const message = `${name}'(${x}) = ${derivative(x)}, but its value rises by ${slopes.join(' or ')}`;
      expect(distance, message).toBeLessThanOrEqual(tolerance);
    }
  });

  it('is straight on its linear pieces, and bends at their ends', () => {
    const { linearPieces } = activationDefinitions[name];
    const bend = (x: number) => value(x - 0.5) - 2 * value(x) + value(x + 0.5);
    for (const [low, high] of linearPieces) {
      const inside = [...xs].filter((x) => x - 0.5 >= low && x + 0.5 <= high);
      expect(inside.length).toBeGreaterThan(0);
      for (const x of inside) {
        expect(Math.abs(bend(x))).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(x)));
        expect(derivative(x)).not.toBe(0);
      }
      for (const end of [low, high]) if (Number.isFinite(end)) expect(bend(end)).not.toBe(0);
    }
    // elsewhere it is flat or bent, but for 0, where an odd function does not bend
    const isInside = (x: number) => linearPieces.some(([low, high]) => x - 0.5 >= low && x + 0.5 <= high);
    for (const x of xs.filter((x) => Math.abs(x) > 0.01 && Math.abs(x) < 5 && !isInside(x)))
      expect(bend(x) !== 0 || derivative(x) === 0, `${name} at ${x}`).toBe(true);
  });

  it('has a label and a formula', () => {
    expect([label, formula].every((text) => text.length > 0)).toBe(true);
  });

  describe.each(['wasm', 'cpu'] as const)('on the %s backend', (backend) => {
    beforeAll(() => useBackend(backend));
    it('is the same function of tensors', () => {
      close(tf.tidy(() => activations[name](tf.tensor1d(xs)).dataSync<'float32'>().slice()));
    });
  });

  it('is the same function in the kernels, or not among them', () => {
    const instance = new KernelInstance();
    const [x, y] = instance.layout([4 * xs.length + 16, 4 * xs.length + 16], 'a test') as [number, number];
    instance.float32(x, xs.length).set(xs);
    instance.kernels.activate(x, y, xs.length, activationNames.indexOf(name));
    const found = instance.float32(y, xs.length);
    if (kernel === null) expect([...found].every(Number.isNaN)).toBe(true);
    else close(found);
  });
});

it('every activation has a file of its own', () => {
  const files = readdirSync(join(__dirname, '../../src/activations')).map((file) => file.replace('.ts', ''));
  const own = files.filter((file) => file !== 'activation' && file !== 'definitions');
  const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  expect(own.sort()).toEqual(activationNames.map(kebab).sort());
});
