import { describe, expect, it } from 'vitest';
import { presetOf, protocolPresetNames, resolveProtocol } from '../../src/study/protocol-presets.js';
import { protocolFields } from '../../src/study/protocol.js';
import { resolveStudy } from '../../src/study/study.js';

describe('resolveProtocol', () => {
  it('is the paper protocol where nothing is given, and that is the default of every field', () => {
    const defaults = Object.entries(protocolFields).map(([name, field]) => [name, field.default]);
    expect(resolveProtocol()).toEqual(Object.fromEntries(defaults));
    expect(resolveProtocol('paper')).toEqual(resolveProtocol());
  });

  it('has normal inputs and batch statistics under the name standard', () => {
    expect(resolveProtocol('standard')).toMatchObject({ inputs: 'normal', normalization: 'batch' });
  });

  it('takes fields in place of those of the preset', () => {
    const protocol = resolveProtocol({ preset: 'standard', inputs: 'uniform', samples: '2x' });
    expect(protocol).toEqual({ ...resolveProtocol('standard'), inputs: 'uniform', samples: '2x' });
  });

  it('does not take a field that is there but undefined', () => {
    expect(resolveProtocol({ preset: 'standard', inputs: undefined }).inputs).toBe('normal');
  });

  it.each([
    ['best', 'unknown protocol: best (allowed: paper, standard)'],
    ['toString', 'unknown protocol: toString (allowed: paper, standard)'],
    [{ preset: 'best' }, 'unknown protocol: best (allowed: paper, standard)'],
    [{ weight: 'normal' }, 'unknown protocol key: weight (near: weights; allowed: weights, '],
    [null, 'invalid protocol: expected paper or standard, or an object of fields'],
    [[], 'invalid protocol: expected paper or standard, or an object of fields'],
  ])('refuses %j', (given, message) => {
    expect(() => resolveProtocol(given as never)).toThrow(message);
  });
});

describe('presetOf', () => {
  it('knows every preset by its fields', () => {
    expect(protocolPresetNames.map((name) => presetOf(resolveProtocol(name)))).toEqual(protocolPresetNames);
  });

  it('knows no preset with a field changed', () => {
    expect(presetOf(resolveProtocol({ samples: '7x' }))).toBeUndefined();
  });
});

describe('a study', () => {
  it('holds the protocol resolved, by whatever way it was named', () => {
    const protocol = resolveProtocol('standard');
    expect(resolveStudy({ protocol: 'standard' }).protocol).toEqual(protocol);
    expect(resolveStudy({ protocol: { preset: 'standard' } }).protocol).toEqual(protocol);
    expect(Object.keys(resolveStudy({ protocol: 'standard' }).protocol)).not.toContain('preset');
  });
});
