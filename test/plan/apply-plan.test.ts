import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInputs } from '../../src/features/inputs/open-inputs.js';
import { openRunnable } from '../../src/features/running/open-runnable.js';
import type { Runnable } from '../../src/features/running/runnable.js';
import { parseCsv } from '../../src/files/csv.js';
import { lengthOf } from '../../src/formats/elements.js';
import { openModel } from '../../src/formats/open-model.js';
import { useBackend } from '../../src/layers/backend.js';
import { drawParameters } from '../../src/models/draw-parameters.js';
import { saveNetwork } from '../../src/models/network-files.js';
import { mobileNetV2 } from '../../src/networks/mobilenet-v2.js';
import { withSettings } from '../../src/networks/network-settings.js';
import { applyPlan, compareOutputs } from '../../src/plan/apply-plan.js';
import { planModel } from '../../src/plan/plan-model.js';
import { rankscope } from '../cli/rankscope.js';

const fixtures = join(__dirname, '../features/fixtures');
const images = join(fixtures, 'images-nhwc.npy');
const base = mkdtempSync(join(tmpdir(), 'rankscope-plan-'));
afterAll(() => rmSync(base, { recursive: true }));
beforeAll(() => useBackend('cpu'));

/** Returns one value of a model for some inputs, channels last. */
async function valueOf(
  runnable: Runnable,
  inputs: Awaited<ReturnType<typeof openInputs>>,
  value: string,
): Promise<number[]> {
  let found: number[] = [];
  await runnable.run(await inputs.read([3, 4]), [value], (_, { data }) => (found = Array.from(data)));
  return found;
}

describe.each([
  ['graph', 'narrow/kernel', 'narrow'],
  ['graph', 'wide/kernel', 'wide_bias'],
  ['keras', 'narrow/kernel', 'narrow'],
  ['keras', 'wide/kernel', 'wide:before'],
])('a plan of the model %s, of %s alone', (name, layer, value) => {
  it('is written as a model whose response has the held-out error that the plan says', async () => {
    const path = join(fixtures, name, 'model.json');
    const [file, runnable] = [await openModel(path), await openRunnable(path, 'cpu')];
    const inputs = await openInputs(images, runnable.inputs);
    const plan = await planModel(file, runnable, inputs, { error: 0.3, layers: (one) => one === layer });
    const [planned] = plan.layers;
    expect(planned).toMatchObject({ layer, saves: true });
    const folder = join(base, `${name}-${value.replace(':', '-')}`);
    const applied = await applyPlan(file, plan, folder);
    expect(applied).toMatchObject({ applied: [layer], left: [] });
    const smaller = await openRunnable(applied.model!, 'cpu');
    const [before, after] = [await valueOf(runnable, inputs, value), await valueOf(smaller, inputs, value)];
    const { rows } = planned!;
    const columns = before.length / rows;
    const means = Array.from({ length: rows }, (_, i) =>
      before.reduce((sum, number, at) => (at % rows === i ? sum + number / columns : sum), 0),
    );
    const rest = Math.hypot(...before.map((number, at) => after[at]! - number));
    const whole = Math.hypot(...before.map((number, at) => number - means[at % rows]!));
    expect(rest / whole).toBeCloseTo(planned!.error.heldOut!, 5);

    const outputs = await compareOutputs(file, [runnable, smaller], inputs, [3, 4]);
    expect(outputs).toHaveLength(1);
    expect(outputs[0]!.error).toBeGreaterThan(1e-4);
    expect(outputs[0]!.error).toBeLessThan(0.3);

    const factors = await openModel(join(folder, 'factors.safetensors'));
    const shapes = new Map(factors.tensors.map(({ name: one, shape }) => [one, shape]));
    expect(shapes.get(`${layer}.first`)).toEqual([planned!.rank, planned!.columns]);
    expect(shapes.get(`${layer}.second`)).toEqual([rows, planned!.rank]);
    expect(shapes.has(layer)).toBe(false);
    const kept = factors.tensors.find(({ name: one }) => one === 'stem/kernel')!;
    const own = file.tensors.find(({ name: one }) => one === 'stem/kernel')!;
    expect(Array.from(await kept.read(0, lengthOf(kept.shape)))).toEqual(
      Array.from(await own.read(0, lengthOf(own.shape))),
    );
    factors.close();
    for (const one of [runnable, smaller, file]) one.close();
  });
});

describe('rankscope model --inputs --plan', () => {
  const plan = (model: string, ...words: string[]) =>
    rankscope(['model', model, '--inputs', images, '--plan', '--backend', 'cpu', ...words]);
  const graph = join(fixtures, 'graph/model.json');

  it('plans a network of our own and writes a smaller one that runs', async () => {
    const network = withSettings(mobileNetV2({ width: 0.1 }), { resolution: 8, classes: 3 });
    const [own, out] = [join(base, 'own'), join(base, 'own-smaller')];
    await saveNetwork(own, network, drawParameters(network, { seed: 1 }));
    const { stdout, stderr } = plan(own, '--error', '0.4', '--layers', '*expand*', '--apply', out, '--json');
    const found = JSON.parse(stdout || stderr) as {
      rank_pattern: Record<string, number>;
      layers: { layer: string; saves: boolean; error: { heldOut: number }; factors?: object }[];
      applied: { model: string; outputs: { output: string; error: number }[] };
    };
    const saving = found.layers.filter(({ saves }) => saves).map(({ layer }) => layer);
    expect(saving.length).toBeGreaterThan(0);
    expect(Object.keys(found.rank_pattern)).toEqual(saving);
    expect(found.layers.every(({ factors }) => factors === undefined)).toBe(true);
    expect(found.applied.outputs).toMatchObject([{ output: 'scores' }]);
    expect(found.applied.outputs[0]!.error).toBeGreaterThan(0);
    expect(plan(graph, '--apply', out).stderr).toContain(
      '(allowed: a folder that is empty or not there yet)',
    );
  });

  it('says what saves and what does not, at 80 columns', () => {
    const { stdout } = plan(graph, '--error', '0.3');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      '2 of 3 layers save at an error of 30%: 37.3% of their MACs.',
    );
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(plan(graph, '--error', '0.001').stdout).toContain('No saving at an error of 0.1%');
  });

  it('writes the plan into a report beside features and weights', () => {
    const [page, out] = [join(base, 'plan.html'), join(base, 'reported')];
    const flags = ['--error', '0.3', '--layers', '*', '--tolerance', 'relative:0.05', '--seed', '3'];
    const { stdout, stderr, status } = plan(graph, ...flags, '--apply', out, '--report', page, '--csv');
    expect(status, stderr).toBe(0);
    expect(stderr).toContain(`report   ${page}\n`);
    const [, json] = /id="report">(.*?)<\/script>/.exec(readFileSync(page, 'utf8'))!;
    const report = JSON.parse(json!) as {
      views: { id: string; measures: { label: string }[] }[];
      plan: { words: string[]; rows: (string | number)[][] };
      settings: [string, string][];
      notes: string[];
    };
    expect(report.views.map(({ id }) => id)).toEqual(['features', 'weights']);
    // the ranks and errors of the table that was printed
    const [heading, ...printed] = parseCsv(stdout) as [string[], ...string[][]];
    const rows = printed.map((row) => Object.fromEntries(heading.map((key, i) => [key, row[i]])));
    const shown = report.plan.rows.map(([layer, , rank, , heldOut]) => [layer, rank, heldOut]);
    const percent = (share: string) => `${(100 * Number(share)).toFixed(1)} %`;
    expect(shown).toHaveLength(3);
    expect(new Set(shown.map(String))).toEqual(
      new Set(
        rows.map(({ layer, rank, bound, few_inputs: few, held_out_error: error }) => {
          const mark = few === 'true' ? '*' : '';
          return String([layer!.replace('/kernel', ''), `${rank}${mark} of ${bound}`, percent(error!)]);
        }),
      ),
    );
    expect(report.plan.words[0]).toContain('2 of 3 layers could be replaced by two smaller ones');
    expect(Object.fromEntries(report.settings)).toMatchObject({
      ...{ 'error of the plan': '0.3', 'tolerances of the features': 'relative:0.05', seed: '3' },
      tolerances: 'relative:0.05',
    });
    expect(report.notes.join()).toMatch(/The smaller model that was written has an error of \d/);
    expect(plan(graph, '--report', page).stderr).toContain('or --overwrite');
    expect(plan(graph, '--tolerance', '0.1').stderr).toContain(
      'invalid flag: --tolerance (allowed: only without --plan, or with its --report)',
    );
  });

  it('refuses a folder that cannot be written before it measures', () => {
    writeFileSync(join(base, 'taken'), '');
    const { stdout, stderr } = plan(graph, '--apply', join(base, 'taken/smaller'));
    expect(stdout).toBe('');
    expect(stderr).toContain(
      'smaller (allowed: a folder that can be written; a part of the path is a file, not a folder)\n',
    );
  });

  it('refuses an error out of range, one input, and flags without a plan', () => {
    expect(plan(graph, '--error', '1').stderr).toContain(
      'invalid error: 1 (allowed: a number between 0 and 1',
    );
    expect(plan(graph, '--count', '1').stderr).toContain('invalid count: 1 (allowed: at least 2 inputs');
    expect(rankscope(['model', graph, '--plan']).stderr).toContain(
      'invalid flag: --plan (allowed: only with --inputs)',
    );
    expect(rankscope(['model', graph, '--apply', 'x']).stderr).toContain('only with --plan');
  });
});
