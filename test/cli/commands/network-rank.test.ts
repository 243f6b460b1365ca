import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../../../src/files/csv.js';
import { drawParameters } from '../../../src/models/draw-parameters.js';
import { saveNetwork } from '../../../src/models/network-files.js';
import { networkNamed } from '../../../src/networks/network-named.js';
import { safetensors } from '../../formats/safetensors/safetensors.js';
import { rankscope, rankscopeInTurn } from '../rankscope.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const cifar = ['network', 'cifar:8-12', '--rank', '--images', '4'];

function output(...args: string[]): string {
  const { stdout, stderr, status } = rankscope(args);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}

describe('rankscope network --rank', () => {
  it('keeps the rows where the figure is refused', () => {
    const out = join(folder, 'refused');
    const { stderr, status } = rankscope([...cifar, '--out', out, '--height', '100']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/invalid height: 100 \(allowed: at least \d+ for 3 rows of panels/);
    expect(readFileSync(join(out, 'rows.csv'), 'utf8')).toContain('cifar:8-12');
    output('plot', out, '--formats', 'svg');
    expect(existsSync(join(out, 'depth.svg'))).toBe(true);
  });

  it('prints a line a tap in at most 80 columns', () => {
    const lines = output(...cifar)
      .trimEnd()
      .split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[0]).toBe('cifar:8-12: 32 x 32, 4 random images, tolerance relative:0.001');
    expect(lines.some((line) => /^stem {2,}32 {2,}3 {2,}16 {2,}4,096 {2,}\d+ /.test(line))).toBe(true);
    expect(lines).toContain('random weights, seed 0; normalizations have the moments of the first 4 images');
  });

  it('measures several networks on the same images, writes rows and a figure, and has a line for each in CSV', () => {
    const out = join(folder, 'depth');
    const { stdout, stderr, status } = rankscope([
      ...['network', 'cifar:8-12', 'cifar:8-8', '--rank', '--images', '4', '--seed', '3'],
      ...[
        '--tolerance',
        'relative:0.01',
        '--tolerance',
        'energy:0.9',
        '--csv',
        '--out',
        out,
        '--formats',
        'svg',
      ],
    ]);
    expect(status).toBe(0);
    const [heading, ...rows] = parseCsv(stdout);
    expect(heading!.slice(0, 5)).toEqual(['network', 'seed', 'layer', 'block', 'tap']);
    expect(new Set(rows.map(([network, seed]) => `${network} ${seed}`))).toEqual(
      new Set(['cifar:8-12 3', 'cifar:8-8 3']),
    );
    expect(new Set(rows.map((row) => row.at(-1)))).toEqual(new Set(['relative:0.01', 'energy:0.9']));
    expect(readFileSync(join(out, 'rows.csv'), 'utf8')).toBe(stdout);
    expect(existsSync(join(out, 'depth.svg'))).toBe(true);
    expect(stderr).toContain(`figure   ${join(out, 'depth.svg')}`);
  });

  it('takes weights that were saved, and prints JSON', async () => {
    const network = networkNamed('cifar:8-12');
    await saveNetwork(join(folder, 'saved'), network, drawParameters(network, { seed: 9 }));
    const printed = JSON.parse(output(...cifar, '--weights', join(folder, 'saved'), '--json')) as {
      weights: string;
      images: { count: number };
      networks: { name: string; rows: { seed?: number; layer: string; rank: number }[] }[];
    };
    expect(printed.weights).toBe(join(folder, 'saved'));
    expect(printed.images.count).toBe(4);
    expect(printed.networks.map(({ name }) => name)).toEqual(['cifar:8-12']);
    expect(printed.networks[0]!.rows[0]).toMatchObject({ layer: 'stem' });
  });

  it('gives networks of one channel grey images, and says what it does not read', () => {
    const photos = join(folder, 'photos');
    mkdirSync(photos);
    for (const name of ['grey.jpg', 'rgb-adobe.jpg', 'palette.png'])
      copyFileSync(join(__dirname, '../../images/fixtures', name), join(photos, name));
    writeFileSync(join(photos, 'old.gif'), 'GIF8');
    const grey = { ...networkNamed('cifar:8-12'), name: 'grey', inputChannels: 1 };
    writeFileSync(join(folder, 'grey.json'), JSON.stringify(grey));
    const { stdout, stderr, status } = rankscope([
      ...['network', join(folder, 'grey.json'), 'cifar:8-12', '--rank', '--inputs', photos, '--json'],
    ]);
    expect(status).toBe(0);
    expect(stderr).toBe(
      `rankscope: images are grey for grey: the luma of Rec. 601, mean 0.4590, deviation 0.2256\nrankscope: not read in ${photos}: 1 .gif\n`,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      leftOut: '1 .gif',
      images: { count: 3 },
      networks: [
        { name: 'grey', inputChannels: 1 },
        { name: 'cifar:8-12', inputChannels: 3 },
      ],
    });
  });

  it('refuses what makes no sense, in one line', () => {
    const [empty, broken] = [join(folder, 'empty'), join(folder, 'broken')];
    mkdirSync(empty);
    mkdirSync(broken);
    writeFileSync(join(broken, 'a.png'), 'no');
    const saved = join(folder, 'saved');
    const odd = join(folder, 'odd.safetensors');
    const four = join(folder, 'four.json');
    writeFileSync(four, JSON.stringify({ ...networkNamed('cifar:8-8'), inputChannels: 4 }));
    const header = { 'features.0.weight': { dtype: 'F32', shape: [1], data_offsets: [0, 4] } };
    writeFileSync(odd, safetensors(header, new Uint8Array(4)));
    const refused: [string[], string | RegExp][] = [
      [['cifar:8-8', '--images', '4'], '--images (allowed: only with --rank)'],
      [['cifar:8-8', 'cifar:8-9'], 'several only with --rank'],
      [['cifar:8-8', 'cifar:8-8', '--rank'], 'is given twice'],
      [['nonet', '--rank'], 'unknown network: nonet'],
      [[four, '--rank', '--inputs', broken], 'invalid channels: 4 (allowed: 1 or 3 from image files'],
      [['cifar:8-8', '--rank', '--inputs', empty], `missing images: ${empty}`],
      [['cifar:8-8', '--rank', '--inputs', broken, '--images', '4'], 'at most 1'],
      [['cifar:8-8', '--rank', '--inputs', broken], /1 of 1 .* broken: .*a\.png \(.+\).*--skip-broken/],
      [['cifar:8-8', '--rank', '--tolerance', 'relative:-2'], 'relative:R with a finite R >= 0'],
      [['cifar:8-8', '--rank', '--images', '1', '--taps', 'middle'], 'unknown tap: middle'],
      [
        ['cifar:8-13', '--rank', '--weights', saved],
        /invalid weights: \d+ mismatches .*block2\.project\.weight has shape \[1, 1, 48, 12\], expected \[1, 1, 48, 13\]/,
      ],
      [
        ['rexnet-0.2', '--rank', '--weights', odd],
        /350 missing .*; 1 of another shape \(features\.0\.weight has shape \[1\], expected \[32, 3, 3, 3\]\)/,
      ],
    ];
    const results = rankscopeInTurn(refused.map(([words]) => ['network', ...words]));
    for (const [i, { stdout, stderr, status }] of results.entries()) {
      const [words, message] = refused[i]!;
      expect({ stdout, status }, words.join(' ')).toEqual({ stdout: '', status: 1 });
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      if (typeof message === 'string') expect(stderr).toContain(message);
      else expect(stderr).toMatch(message);
    }
  });
});
