import { describe, expect, it } from 'vitest';
import { choice, choices, list, text, toggle } from '../../../src/cli/options/option.js';
import { readArguments } from '../../../src/cli/options/read-arguments.js';
import { splitTolerances } from '../../../src/cli/options/tolerance-option.js';

const options = {
  out: text('Folder'),
  warmUp: text('Runs'),
  engine: choice('Engine', ['auto', 'wasm']),
  taps: choices('Taps', ['expand', 'output']),
  tolerance: list('Rules', { values: ['numpy', 'relative:'], split: splitTolerances }),
  json: toggle('JSON'),
};
const read = (words: string[], hasOperands = true) =>
  readArguments({ name: 'x', options, hasOperands }, words);

describe('readArguments', () => {
  it.each([
    [['--taps', 'expand,output']],
    [['--tap=expand', '--taps', 'output']],
    [['--taps', 'expand', '--tap', 'output']],
    [['--taps', 'expand', 'output']],
  ])('reads a list in any notation: %j', (words) => {
    expect(read(words).values.taps).toEqual(['expand', 'output']);
    expect(read(words, false).values.taps).toEqual(['expand', 'output']);
  });

  it('leaves the singular of a list to the option that has that name', () => {
    const both = { widths: list('Channels'), width: text('Pixels') };
    for (const own of [both, Object.fromEntries(Object.entries(both).reverse()) as typeof both]) {
      const { values } = readArguments({ name: 'x', options: own, hasOperands: false }, [
        ...['--widths', '32,64', '--width', '252'],
      ]);
      expect(values).toMatchObject({ widths: ['32', '64'], width: '252' });
    }
  });

  it('parts tolerances, but not the arguments of one', () => {
    const { values } = read([
      '--tolerances',
      'numpy,torch:rtol=1e-3,atol=2,relative:0.1',
      '--tolerance=matlab',
    ]);
    expect(values.tolerance).toEqual(['numpy', 'torch:rtol=1e-3,atol=2', 'relative:0.1', 'matlab']);
  });

  it('leaves words that are not known values to the command', () => {
    const { values, operands } = read(['a.npy', '--taps', 'expand', 'b.npy', '--json', '--', '--out', '-']);
    expect(values).toMatchObject({ taps: ['expand'], json: true, out: undefined });
    expect(operands).toEqual(['a.npy', 'b.npy', '--out', '-']);
  });

  it('reads switches and values that begin with a dash', () => {
    expect(read(['--no-json', '--out=--odd', '--warm-up', '-1']).values).toMatchObject({
      json: false,
      out: '--odd',
      warmUp: '-1',
    });
    expect(read(['--json', 'false']).values.json).toBe(false);
  });

  it.each([
    [['--json=yes'], 'invalid json: yes (allowed: true, false)'],
    [['--json='], "invalid json: '' (allowed: true, false)"],
    [['--no-json=false'], 'invalid no-json: false (allowed: no value)'],
    [['--json', '--no-json'], 'invalid flag: --json (allowed: once; it is given twice)'],
    [['--out', 'a', '--out', 'b'], 'invalid flag: --out (allowed: once; it is given twice)'],
    [['--out='], 'missing value: --out (the flag needs one)'],
    [['--out'], 'missing value: --out (the flag needs one)'],
    [['--out', '--json'], 'missing value: --out (the flag needs one; --out=--json if it is --json)'],
    [['--engine'], 'missing value: --engine (allowed: auto, wasm)'],
    [['--engine', 'wsam'], 'unknown engine: wsam (near: wasm; allowed: auto, wasm)'],
    [['--taps', 'expnad'], 'unknown tap: expnad (near: expand; allowed: expand, output)'],
    [
      ['--tolerance', 'numpy,'],
      'invalid tolerance: numpy, (allowed: values joined by commas, none of them empty)',
    ],
    [['--jsno', '1'], 'unknown flag: --jsno (near: --json; allowed: see rankscope x --help)'],
    [['-x'], 'unknown flag: -x (allowed: see rankscope x --help)'],
    [['--constructor'], 'unknown flag: --constructor (allowed: see rankscope x --help)'],
    [['--__proto__'], 'unknown flag: --__proto__ (allowed: see rankscope x --help)'],
  ])('refuses %j', (words, message) => {
    expect(() => read(words)).toThrow(message);
  });
});
