import * as v from 'valibot';
import { expect, test } from 'vitest';
import { countTo, listOf, mapOf, numberThat, oneOf, readSchema, strict, textTo } from '../src/schema.js';

const tap = strict({
  name: textTo(8),
  size: v.optional(countTo(64), 3),
  kind: v.optional(oneOf(['a', 'b']), 'a'),
  share: v.optional(numberThat((x) => x > 0, 'a number above 0')),
  label: v.optional(v.nullable(v.string())),
});
const study = strict({ taps: listOf(tap, 3), notes: v.optional(mapOf(v.boolean(), 2)) });
const read = (text: string) => readSchema('study', study, JSON.parse(text));

test('fills in defaults', () => {
  expect(read('{"taps": [{"name": "x", "label": null}], "notes": {"__proto__": true}}')).toEqual({
    taps: [{ name: 'x', size: 3, kind: 'a', label: null }],
    notes: new Map([['__proto__', true]]),
  });
});

test.each([
  ['null', 'invalid study: null (allowed: an object with taps, notes)'],
  ['[]', 'invalid study: [] (allowed: an object with taps, notes)'],
  ['{}', 'missing taps: not given (allowed: a list of 1 to 3)'],
  ['{"taps": []}', 'invalid taps: [] (allowed: a list of 1 to 3)'],
  ['{"taps": [0, 0, 0, 0]}', 'invalid taps: [0,0,0,0] (allowed: a list of 1 to 3)'],
  ['{"taps": [[]]}', 'invalid taps[0]: [] (allowed: an object with name, size, kind, share, label)'],
  ['{"tap": []}', 'unknown key of study: tap (near: taps; allowed: taps, notes)'],
  [
    '{"taps": [{"nam": "x"}]}',
    'unknown key of taps[0]: nam (near: name; allowed: name, size, kind, share, label)',
  ],
  ['{"taps": [{}]}', 'missing taps[0].name: not given (allowed: text of 1 to 8 characters)'],
  ['{"taps": [{"name": ""}]}', "invalid taps[0].name: '' (allowed: text of 1 to 8 characters)"],
  ['{"taps": [{"name": "x", "size": 65}]}', 'invalid taps[0].size: 65 (allowed: an integer from 1 to 64)'],
  ['{"taps": [{"name": "x", "size": "3"}]}', 'invalid taps[0].size: 3 (allowed: an integer from 1 to 64)'],
  ['{"taps": [{"name": "x", "kind": "c"}]}', 'unknown taps[0].kind: c (allowed: a, b)'],
  ['{"taps": [{"name": "x", "share": 0}]}', 'invalid taps[0].share: 0 (allowed: a number above 0)'],
  ['{"taps": [{"name": "x", "label": 1}]}', 'invalid taps[0].label: 1 (allowed: text)'],
  ['{"taps": [{"name": "x"}], "notes": {"y": 1}}', 'invalid notes.y: 1 (allowed: true, false)'],
  ['{"taps": [{"name": "x"}], "notes": {"a b": 1}}', 'invalid notes["a b"]: 1 (allowed: true, false)'],
  ['{"taps": [{"name": "x"}], "notes": {"a": true, "b": true, "c": true}}', 'at most 2 names'],
])('refuses %s', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('refuses the key %s', (key) => {
  const refused = `unknown key of taps[0]: ${key}`;
  expect(() => read(`{"taps": [{"name": "x", "${key}": {"size": 1}}]}`)).toThrow(refused);
  expect(() => read(`{"taps": [{"name": "x"}], "${key}": 1}`)).toThrow(`unknown key of study: ${key}`);
  expect(({} as { size?: number }).size).toBeUndefined();
});
