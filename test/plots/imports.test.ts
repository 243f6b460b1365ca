import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(__dirname, '../../src/plots');

// Both packages contain a top-level await, so `require()` of anything that imports them would throw.
it.each(readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')))(
  '%s loads vega and vega-lite only when a figure is drawn',
  (file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    expect(source).not.toMatch(/^(import|export)\s(?!type\b)[^;]*from 'vega(-lite|-embed)?'/m);
  },
);
