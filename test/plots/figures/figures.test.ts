import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { TopLevelSpec } from 'vega-lite';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileSpec, drawSvg } from '../../../src/plots/render/svg.js';
import { figures } from './figures.js';
import { normalisedSvg } from '../render/normalised-svg.js';

describe.each(Object.keys(figures))('%s', (name) => {
  const figure = figures[name]!();
  const specs: TopLevelSpec[] = figure.narrowSpec ? [figure.spec, figure.narrowSpec] : [figure.spec];

  it('has a specification the schema of Vega-Lite accepts', () => {
    for (const spec of specs) expect(validate(spec), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });

  it('compiles without a warning', async () => {
    const warnings: string[] = [];
    for (const spec of specs) await compileSpec(spec, (warning) => warnings.push(warning));
    expect(warnings).toEqual([]);
  });

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
  });

  it('is drawn as it was', async () => {
    await expect(normalisedSvg(await drawSvg(figure.spec))).toMatchFileSnapshot(
      join('snapshots', `${name}.svg`),
    );
  });
});

it('every figure is drawn by figures.ts or by a test of its own', () => {
  const root = join(__dirname, '../../..');
  const texts = (folder: string, ending: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith(ending))
      .map((path) => readFileSync(join(root, folder, path), 'utf8'))
      .join('\n');
  const tests = texts('test/plots', '.ts') + texts('test/report', '.test.ts');
  const names = texts('src/plots/figures', '.ts').matchAll(/^export function (\w+Figure)\(/gm);
  expect(Array.from(names, ([, name]) => name!).filter((name) => !tests.includes(name))).toEqual([]);
});

let validate: ValidateFunction;

beforeAll(() => {
  const path = createRequire(join(__dirname, 'figures.test.ts')).resolve('vega-lite/vega-lite-schema.json');
  // The schema names formats such as color-hex that JSON Schema does not define.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  validate = ajv.compile(JSON.parse(readFileSync(path, 'utf8')) as object);
});
