import { describe, expect, it } from 'vitest';
import {
  presetOf,
  protocolNames,
  protocolPresetNames,
  protocolPresets,
  resolveProtocol,
} from '../../src/study/protocol-presets.js';
import { protocolFields } from '../../src/study/protocol.js';
import { resolveStudy } from '../../src/study/study.js';

describe('resolveProtocol', () => {
  it('is the fitted protocol where nothing is given, and that is the default of every field', () => {
    const defaults = Object.entries(protocolFields).map(([name, field]) => [name, field.default]);
    expect(resolveProtocol()).toEqual(Object.fromEntries(defaults));
    expect(resolveProtocol('fitted')).toEqual(resolveProtocol());
  });

  it('knows the fitted protocol by the name paper too', () => {
    expect(resolveProtocol('paper')).toEqual(resolveProtocol('fitted'));
    expect(resolveProtocol({ preset: 'paper', samples: '2x' })).toMatchObject({ samples: '2x' });
    expect(protocolNames).toEqual(['fitted', 'standard', 'paper']);
  });

  it('has what networks are trained with under the name standard', () => {
    expect(resolveProtocol('standard')).toMatchObject({
      ...{ weights: 'kaiming-normal', bias: 'none', inputs: 'normal', normalization: 'batch' },
      ...{ normalizationScale: 'one', normalizationShift: 'none', samples: '4x', expansion: 6 },
    });
  });

  it('has a reason for every field of a preset', () => {
    for (const { fields, why } of Object.values(protocolPresets))
      expect(Object.keys(why)).toEqual(Object.keys(fields));
  });

  it('takes fields in place of those of the preset', () => {
    const protocol = resolveProtocol({ preset: 'standard', inputs: 'uniform', samples: '2x' });
    expect(protocol).toEqual({ ...resolveProtocol('standard'), inputs: 'uniform', samples: '2x' });
  });

  it('does not take a field that is there but undefined', () => {
    expect(resolveProtocol({ preset: 'standard', inputs: undefined }).inputs).toBe('normal');
  });

  it.each([
    ['best', 'unknown protocol: best (allowed: fitted, standard, paper)'],
    ['toString', 'unknown protocol: toString (allowed: fitted, standard, paper)'],
    [7, 'invalid protocol: expected fitted, standard, paper, or an object of fields'],
    [{ preset: ['paper'] }, 'unknown protocol: ["paper"] (allowed: fitted, standard, paper)'],
    [{ preset: 'best' }, 'unknown protocol: best (allowed: fitted, standard, paper)'],
    [{ weight: 'normal' }, 'unknown protocol key: weight (near: weights; allowed: weights, '],
    [null, 'invalid protocol: expected fitted, standard, paper, or an object of fields'],
    [[], 'invalid protocol: expected fitted, standard, paper, or an object of fields'],
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
    expect(presetOf(resolveProtocol('paper'))).toBe('fitted');
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
