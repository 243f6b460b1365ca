import { expect, it } from 'vitest';
import { visualParts } from '../../../../src/plots/render/fonts/bidi-runs.js';

it.each([
  ['relu', ['relu']],
  ['שלום', ['שלום']],
  ['שלום עולם', ['עולם', ' ', 'שלום']],
  ['relu שלום עולם (2)', ['relu ', 'עולם', ' ', 'שלום', ' (2)']],
  ['تفعيل 12 خطي', ['خطي', ' ', '12', ' ', 'تفعيل']],
  ['a שלום b עולם', ['a ', 'שלום', ' b ', 'עולם']],
  ['(שלום [א] ב)', ['(', 'ב', ' ', '[', 'א', ']', ' ', 'שלום', ')']],
])('%s stands as %j', (text, parts) => {
  expect(visualParts(text)).toEqual(parts);
});
