import { expect, it } from 'vitest';
import { runLabels } from '../../src/report/run-labels.js';

it.each([
  [
    ['runs/a', 'runs/b'],
    ['a', 'b'],
  ],
  [
    ['one/run', 'two/run'],
    ['one/run', 'two/run'],
  ],
  [
    ['x/one/run', 'y/one/run', 'z'],
    ['x/one/run', 'y/one/run', 'z'],
  ],
  [
    ['a/', './a'],
    ['a', 'a (2)'],
  ],
  [
    ['a', 'b/a'],
    ['plots-cwd/a', 'b/a'],
  ],
])('%j are called %j', (folders, labels) => {
  const cwd = process.cwd().split(/[\\/]/).at(-1)!;
  expect(runLabels(folders)).toEqual(labels.map((label) => label.replace('plots-cwd', cwd)));
});
