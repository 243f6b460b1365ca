import { describe, expect, it } from 'vitest';
import { drawRun } from '../../src/report/draw-run.js';
import { mergeRuns } from '../../src/runs/merge-runs.js';
import { recountRun } from '../../src/runs/recount-run.js';
import { runStudy } from '../../src/runs/run-study.js';
import { measureStudy } from '../../src/study/measure-study.js';

const uses: Readonly<Record<string, (options: never) => Promise<unknown>>> = {
  runStudy: (options) => runStudy({}, options),
  recountRun: (options) => recountRun('nowhere', ['numpy'], options),
  mergeRuns: (options) => mergeRuns(['nowhere'], options),
  drawRun: (options) => drawRun('nowhere', options),
  measureStudy: (options) => measureStudy({}, options).next(),
};

describe.each(Object.keys(uses))('%s', (name) => {
  const refused = (options: unknown) => expect(uses[name]!(options as never)).rejects;

  it.each(['overwrit', 'Out', 'constructor', 'toString', '__proto__'])(
    'refuses the option %s',
    async (key) => {
      const options = JSON.parse(`{"${key}": true}`) as object;
      await refused(options).toThrow(new RegExp(`^unknown option: ${key}\\b.*\\(`));
    },
  );

  it('refuses options that are not an object', async () => {
    for (const options of [null, 'out', ['out']]) await refused(options).toThrow(/^invalid options: /);
  });
});

it.each([runStudy, (_: object, options: never) => recountRun('nowhere', [], options)])(
  'a run without a folder is refused',
  async (use) => {
    for (const out of [undefined, '', 7])
      await expect(use({}, { out } as never)).rejects.toThrow(
        /^(missing|invalid) out: .* \(allowed: the folder of the run\)$/,
      );
  },
);

it('refuses an unknown figure', async () => {
  await expect(drawRun('nowhere', { figures: ['depth' as never] })).rejects.toThrow(
    'unknown figures[0]: depth (allowed: curve, spectrum)',
  );
});
