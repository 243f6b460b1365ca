import { describe, expect, it } from 'vitest';
import { resolveFields } from '../src/fields.js';
import { readOptions, strict, textTo } from '../src/schema.js';
import { resolveStudy } from '../src/study/study.js';

/** Names that every object answers to, and is not given: in JSON `__proto__` is a key like another. */
const inherited = ['constructor', 'toString', 'hasOwnProperty', '__proto__'];

const options = strict({ out: textTo(10) });

describe('an unknown key that objects inherit', () => {
  it.each(inherited)('%s is refused by fields and by options', (key) => {
    const given = JSON.parse(`{"${key}": 1}`) as object;
    expect(() => resolveFields('study', {}, given)).toThrow(`unknown study key: ${key}`);
    expect(() => resolveStudy(given)).toThrow(`unknown study key: ${key}`);
    expect(() => resolveStudy({ protocol: given })).toThrow(`unknown protocol key: ${key}`);
    expect(() => readOptions(options, given)).toThrow(`unknown option: ${key} (allowed: out)`);
  });
});

it.each([[null], [['out']], ['out'], [7]])('options that are %j are refused', (given) => {
  expect(() => readOptions(options, given)).toThrow(/^invalid options: .*an object with out/);
});
