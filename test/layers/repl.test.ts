import { createRequire } from 'node:module';
import { beforeAll, expect, test } from 'vitest';
import {
  activations,
  drawLayer,
  layerFeatures,
  rank,
  resolveLayerProtocol,
  useBackend,
} from '../../src/index.js';
import { inRepl } from './in-repl.js';

const tsNode = createRequire(__filename).resolve('ts-node/dist/bin.js');

const layer = { seed: 0, block: 'inverted-depthwise', dimensionRatio: 0.25, index: 0 } as const;

/** What a person types: a layer, its rank and the time of both, then errors of their own. */
const session = (load: string) => [
  load,
  "const backend = await rs.useBackend('auto')",
  "const protocol = rs.resolveLayerProtocol({ channels: '256:256' })",
  `const layer = rs.drawLayer(${JSON.stringify(layer)}, protocol)`,
  "const measure = () => rs.rank(rs.layerFeatures(layer, rs.activations.silu, ['output']).output).rank",
  'measure(); const start = performance.now(); const measured = measure(); const ms = performance.now() - start',
  "console.log('answer:', backend.name, measured, Math.round(ms))",
  "throw new Error('mine')",
  "Promise.reject(new Error('rejected')); undefined",
  "setTimeout(() => { throw new Error('later') }, 1); undefined",
  'await new Promise((resolve) => setTimeout(resolve, 100))',
  "'still ' + 'here'",
];

let expected: { readonly name: string; readonly rank: number; readonly ms: number };

beforeAll(async () => {
  const { name } = await useBackend('auto');
  const drawn = drawLayer(layer, resolveLayerProtocol({ channels: '256:256' }));
  const measure = () => rank(layerFeatures(drawn, activations.silu, ['output']).output!).rank;
  measure();
  const start = performance.now();
  const measured = measure();
  expected = { name, rank: measured, ms: performance.now() - start };
});

test.concurrent.each([
  ['ts-node', [tsNode, '-i'], "import * as rs from 'rankscope'"],
  ['node, with import', ['-i'], "const rs = await import('rankscope')"],
  ['node, with require', ['-i'], "const rs = require('rankscope')"],
])('a REPL measures a layer as a script does, and shows errors as usual: %s', async (_, args, load) => {
  const printed = await inRepl(args, session(load));
  const [, name, measured, ms] = /answer: (\S+) (\d+) (\d+)/.exec(printed) ?? [];
  expect({ name, rank: Number(measured) }, printed).toEqual({ name: expected.name, rank: expected.rank });
  // plain JavaScript takes some seventy times as long
  expect(Number(ms)).toBeLessThan(10 * expected.ms + 50);
  for (const error of ['mine', 'rejected', 'later']) expect(printed).toContain(`Uncaught Error: ${error}`);
  expect(printed).not.toContain('cannot be used in the REPL');
  expect(printed).toContain("'still here'");
  expect(printed).toMatch(/exit 0$/);
});
