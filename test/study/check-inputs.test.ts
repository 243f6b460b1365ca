import { describe, expect, it } from 'vitest';
import type { InputArray } from '../../src/layers/inputs.js';
import { drawSizes } from '../../src/layers/layer.js';
import { checkInputs } from '../../src/study/check-inputs.js';
import { measureStudy } from '../../src/study/measure-study.js';
import { resolveStudy, type StudyInput } from '../../src/study/study.js';

const given = {
  blocks: ['pointwise'],
  activations: ['relu'],
  ratios: [0.5, 1],
  layers: 6,
  protocol: { channels: '8:200', inputs: 'file:own.npy', samples: 'd_out+1' },
} satisfies StudyInput;
const study = resolveStudy(given);
const array = (...shape: number[]): InputArray => ({
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
  shape,
});

/** What the layers that will be drawn take: less than the largest that could be. */
const drawn = study.ratios.flatMap((dimensionRatio) =>
  Array.from({ length: study.layers }, (_, index) =>
    drawSizes({ seed: 0, block: 'pointwise', dimensionRatio, index }, study.protocol),
  ),
);
const images = Math.max(...drawn.map((sizes) => sizes.images));
const channels = Math.max(...drawn.map(({ dIn }) => dIn));

describe('checkInputs', () => {
  it('takes an array that just suffices for the layers that will be drawn', () => {
    expect(images).toBeLessThan(201);
    const enough = array(images, channels);
    expect(checkInputs(study, enough)).toBe(enough);
  });

  it.each<[string, InputArray | undefined, string]>([
    [
      'too few samples',
      array(images - 1, channels),
      `${images - 1} samples (allowed: at least ${images}, or`,
    ],
    [
      'too few features',
      array(images, channels - 1),
      `room for ${channels} channels of 1 x 1 pixels; it has ${channels - 1}`,
    ],
    ['another number of dimensions', array(images, channels, 2), 'invalid input array shape: '],
    ['no sample', array(0, channels), 'invalid input array shape: '],
    ['no array at all', undefined, 'invalid inputs: file:own.npy (allowed: an array read from that file'],
  ])('refuses %s before the first layer', async (_, inputs, message) => {
    expect(() => checkInputs(study, inputs)).toThrow(message);
    await expect(measureStudy(given, { workers: 0, inputs }).next()).rejects.toThrow(message);
  });

  it.each([NaN, Infinity])('refuses %s, and names the sample', (value) => {
    const broken = array(images, channels);
    broken.data[3 * channels + 1] = value;
    expect(() => checkInputs(study, broken)).toThrow(
      `invalid input array value: ${value} (allowed: finite numbers; found in sample 3, counted from 0)`,
    );
  });

  it('counts the places of windows in images', () => {
    const windows = resolveStudy({ ...given, protocol: { ...given.protocol, spatial: 3 } });
    expect(() => checkInputs(windows, array(200, 3, 2, 8))).toThrow(
      '3 x 3 pixels; it has 0; use fewer channels',
    );
    expect(() => checkInputs(windows, array(200, 4, 10, 10))).not.toThrow();
  });
});
