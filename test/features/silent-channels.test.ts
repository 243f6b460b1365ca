import { describe, expect, it } from 'vitest';
import { MIN_INPUTS, silentChannels } from '../../src/features/silent-channels.js';
import { fillUniform } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';

describe('silentChannels', () => {
  it('marks a layer from 59 inputs and 1 % of its channels on', () => {
    const marked = (silent: number, channels: number, inputs: number) =>
      silentChannels({ silent: silent / channels }, { channels, inputs }).marked;
    expect(marked(3, 300, MIN_INPUTS)).toBe(true);
    expect(marked(2, 300, MIN_INPUTS)).toBe(false);
    expect(marked(300, 300, MIN_INPUTS - 1)).toBe(false);
    expect(marked(0, 8, 1000)).toBe(false);
    expect(silentChannels({ silent: 17 / 96 }, { channels: 96, inputs: 8 }).silent).toBe(17);
  });

  it('bounds how often a silent channel may be active, and asks for as many inputs as 5 % need', () => {
    const share = (inputs: number) => silentChannels({ silent: 1 }, { channels: 1, inputs }).activeShare;
    for (const inputs of [1, 8, 59, 1000]) expect((1 - share(inputs)) ** inputs).toBeCloseTo(0.05, 12);
    expect(share(MIN_INPUTS)).toBeLessThan(0.05);
    expect(share(MIN_INPUTS - 1)).toBeGreaterThan(0.05);
    expect(share(0)).toBe(1);
  });

  it('holds: channels active on as many inputs as the bound are silent in 1 of 20 draws', () => {
    const [inputs, draws] = [59, 20_000];
    const { activeShare } = silentChannels({ silent: 1 }, { channels: 1, inputs });
    const uniform = fillUniform(createStream(0, 'silent'), new Float64Array(inputs * draws));
    let silent = 0;
    for (let draw = 0; draw < draws; draw++)
      if (uniform.subarray(draw * inputs, (draw + 1) * inputs).every((x) => x >= activeShare)) silent++;
    // four standard errors
    expect(Math.abs(silent / draws - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / draws));
  });
});
