import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { trainingCaption } from '../../experiments/training-caption';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-caption-'));
afterAll(() => rmSync(folder, { recursive: true }));
const data = { kind: 'IDX files', trainImages: 60_000, testImages: 10_000 };
const written = (settings: object) => {
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  return trainingCaption(folder);
};

it('names the data, size and epochs that the settings of a folder have', async () => {
  const spec = { resolution: 28, data, recipe: { epochs: 1 } };
  const other = { ...spec, recipe: { epochs: 20 } };
  const images = 'IDX files, 60,000 training and 10,000 test images at 28 x 28 pixels';
  expect(await written({ searches: [{ spec }, { spec }] })).toBe(`${images}, 1 epoch`);
  expect(await written({ searches: [{ spec }, { spec: other }] })).toBe(
    `${images}, 1 epoch; ${images}, 20 epochs`,
  );
  const networks = {
    networks: [{ resolution: 32 }],
    images: { ...data, kind: 'CIFAR-100' },
    recipe: { epochs: 30 },
  };
  expect(await written({ spec: networks })).toBe(
    'CIFAR-100, 60,000 training and 10,000 test images at 32 x 32 pixels, 30 epochs',
  );
});
