import { expect, test } from 'vitest';
import { invalid, missing, unknown } from '../src/errors.js';
import { nearNames } from '../src/near.js';

const activations = [
  'linear',
  'relu',
  'relu6',
  'leaky-relu',
  'elu',
  'silu',
  'gelu',
  'mish',
  'hardSigmoid',
  'sigmoid',
];

test.each([
  ['rleu', ['relu']], // two letters swapped are one mistake
  ['ReLU', ['relu']],
  ['Leaky_ReLU', ['leaky-relu']],
  ['swilu', ['silu']],
  ['hardsigmoid', ['hardSigmoid']],
  ['sigmiod', ['sigmoid']],
  ['sig', ['sigmoid']],
  ['elu', ['elu']],
  ['zelu', ['relu', 'elu', 'gelu']],
  ['gpu', []],
  ['tanhshrink', []],
  ['', []],
  ['toString', []],
  ['x'.repeat(1e6), []],
])('finds the names near %s', (text, names) => {
  expect(nearNames(text, activations)).toEqual(names);
});

test('an unknown name comes with those it resembles', () => {
  const { message } = unknown('activation', 'mihs', ['relu', 'mish']);
  expect(message).toBe('unknown activation: mihs (near: mish; allowed: relu, mish)');
  expect(unknown('activation', 'x', ['relu']).message).toBe('unknown activation: x (allowed: relu)');
});

const circle: unknown[] = [];
circle.push(circle);
const ring: Record<string, unknown> = {};
ring.self = ring;
test.each([
  ['', "''"],
  ['a\u001b[2Jb\n', 'a\\u001b[2Jb\\n'],
  ['x'.repeat(1000), `${'x'.repeat(300)} ... ${'x'.repeat(100)} (1000 characters)`],
  [[NaN, 1n, -Infinity], '["NaN","1","-Infinity"]'],
  [circle, 'a list that JSON cannot hold'],
  [ring, 'an object that JSON cannot hold'],
  ['\x7f\x9b\ud800é\r', '\\u007f\\u009b\\ud800é\\r'],
  [new Float32Array(3), 'Float32Array of 12 bytes'],
  [Object.create(null), '{}'],
  [Symbol('s'), 'Symbol(s)'],
  [1n, '1'],
  [null, 'null'],
])('shows the value %s', (value, shown) => {
  expect(invalid('thing', value, 'another').message).toBe(`invalid thing: ${shown} (allowed: another)`);
});

test('names of things neither steer the terminal nor fill it', () => {
  const name = `\u001b[2J${'x'.repeat(1000)}`;
  const messages = [invalid, missing].map((error) => error(name, 1, 'a\nb').message);
  messages.push(unknown(name, 1, ['\u001b[2J']).message);
  for (const message of messages) {
    expect(message).not.toContain('\u001b');
    expect(message.length).toBeLessThan(600);
  }
  expect(messages[0]).toContain('(allowed: a\nb)');
});
