import { describe, expect, it } from 'vitest';
import { faultOf, notFinite } from '../../bench/fuzz/judge.js';
import { mutateJson } from '../../bench/fuzz/mutate-json.js';
import { createStream } from '../../src/random/stream.js';
import { invalid } from '../../src/errors.js';

describe('faultOf', () => {
  it('passes our complaints that name the file', () => {
    expect(
      faultOf(new RangeError('a.npy: invalid .npy version: 9 (allowed: 1, 2, 3)'), ['a.npy']),
    ).toBeUndefined();
    expect(faultOf(invalid('file', 'b.csv', 'another'), ['a.csv', 'b.csv'])).toBeUndefined();
  });

  it.each([
    [new TypeError("Cannot read properties of undefined (reading 'x')"), [], /another shape/],
    [new RangeError('invalid matrix: [object Object] (allowed: another)'), [], /words of an engine/],
    [new RangeError('invalid run: x (allowed: IO Error: no file)'), [], /words of an engine/],
    [new RangeError('invalid name: \u001b[2J (allowed: another)'), [], /control characters/],
    [invalid('thing', 1, 'another'), ['a.npy'], /does not name the file/],
    [new SyntaxError('invalid thing: 1 (allowed: 2)'), [], /throws a SyntaxError/],
    ['invalid thing: 1', [], /throws no error/],
  ])('finds fault with %s', (error, names, fault) => {
    expect(faultOf(error, names)).toMatch(fault);
  });
});

it('notFinite finds the place', () => {
  expect(notFinite({ a: [1, { b: NaN }] })).toBe('answer.a.1.b is NaN');
  expect(notFinite({ a: [1, null, 'NaN'] })).toBeUndefined();
});

it('mutateJson gives the same text for the same seed, and reaches keys that are names of Object', () => {
  const mutated = (seed: number) => mutateJson(createStream(seed, 'json'), '{"a":[1,{"b":true}]}');
  expect(mutated(7)).toBe(mutated(7));
  const all = Array.from({ length: 300 }, (_, seed) => mutated(seed));
  for (const text of ['"__proto__":', '"constructor":', '"a":[1,1,', 'null', '1e308', '[[[[[[[[']) {
    expect(
      all.some((one) => one.includes(text)),
      text,
    ).toBe(true);
  }
});
