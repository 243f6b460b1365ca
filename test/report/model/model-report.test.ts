import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contrast } from '../../../src/plots/render/themes.js';
import { modelReport, type ModelReport } from '../../../src/report/model/model-report.js';
import type { LayerFeatures } from '../../../src/features/measure-features.js';
import type { LayerWeights } from '../../../src/weights/measure-layer-weights.js';
import { chromiumFound, startChromium, warnWithoutChromium } from '../../chromium.js';
import { smallLayer } from './small-layer.js';

warnWithoutChromium('the report of a model is not opened');

/** What a file may call its tensors. */
const names = [
  ...[
    '</script><script>window.bad = 1</script>',
    '<img src=x onerror="window.bad = 1">',
    '<b>bold</b>',
    '<!--',
  ],
  ...['__proto__', 'constructor', 'toString', '"', "'", '&amp;', '${x}', 'a\nb', '\u2028', '\ud800', '\0'],
  ...[
    '',
    ' ',
    '\u200f',
    '\u202eright-to-left',
    'אבג/weight',
    '層/重み',
    '😀'.repeat(100),
    'x'.repeat(10_000),
  ],
  ...['same', 'same', 'model/a/kernel', 'model/b/kernel'],
];

const report = (layers: readonly LayerWeights[], more: Partial<ModelReport> = {}): ModelReport => ({
  ...{ file: 'models/small.safetensors', format: 'safetensors', layers, skipped: [], notes: [] },
  ...more,
});

describe('modelReport', () => {
  it('is one page without a way out, in which no name ends the script', async () => {
    const layers = await Promise.all(names.map((name) => smallLayer({ name, rows: 4, columns: 5 })));
    const hostile = names[0]!;
    const html = await modelReport(
      report(layers, { file: hostile, notes: [hostile], skipped: [{ name: hostile, reason: hostile }] }),
    );
    expect(html.match(/<script/g)).toHaveLength(3);
    expect(html.match(/<\/script/g)).toHaveLength(3);
    expect(html).not.toMatch(/<(img|b)\b/);
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|\/\/[a-z]+\.|url\((?!data:)/,
    );
    expect(html).toBe(
      await modelReport(
        report(layers, { file: hostile, notes: [hostile], skipped: [{ name: hostile, reason: hostile }] }),
      ),
    );
  });

  it('has text and marks that stand out from their paper, light and dark', async () => {
    const html = await modelReport(report([]));
    const [light, dark] = [...html.matchAll(/:root \{ (?:color-scheme: light dark; )?(--paper[^}]*)\}/g)].map(
      ([, rules]) =>
        new Map([...rules!.matchAll(/--(\w+): (#\w{3,6});/g)].map(([, key, colour]) => [key!, rgb(colour!)])),
    );
    for (const colours of [light!, dark!]) {
      const on = (paper: string, key: string) => contrast(colours.get(key)!, colours.get(paper)!);
      for (const key of ['text', 'quiet', 'own', 'mark'])
        for (const paper of ['paper', 'soft'])
          expect(on(paper, key), `${key} on ${paper}`).toBeGreaterThan(4.5);
      for (const key of ['other', 'focus']) expect(on('paper', key), key).toBeGreaterThan(3);
    }
  });
});

describe.skipIf(!chromiumFound)('a report in Chromium', () => {
  let browser: Browser;
  let folder: string;
  let small: Opened;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rankscope-report-'));
    browser = await startChromium();
    small = await open(
      report(
        [
          await smallLayer({ name: 'model/stem/kernel', columns: 27 }),
          await smallLayer({ name: 'model/narrow/kernel', rank: 6, rows: 40 }),
          await smallLayer({ name: 'model/dead/kernel', zeros: 3, rows: 64, kind: 'convolution' }),
          await smallLayer({ name: 'model/head/kernel', rows: 10, columns: 24 }),
        ],
        {
          settings: { tolerances: ['numpy', 'relative:0.01'], baseline: 'permuted', seed: 0, fold: false },
          skipped: [{ name: 'model/stem/bias', reason: 'a vector' }],
          notes: ['a note'],
        },
      ),
    );
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says what was found, in words, offline, and asks for nothing', async () => {
    const { page, requests, problems } = small;
    expect(await page.title()).toBe('models/small.safetensors: ranks of a model');
    expect(await page.locator('h1').innerText()).toBe('small.safetensors');
    const head = await page.locator('header').innerText();
    expect(head).toContain(
      '1 of 4 layers uses fewer directions than the sizes allow. The lowest is narrow, with 6 of 32.',
    );
    expect(head).toContain('3 rows of weights are all zeros');
    expect(await page.locator('.cards li').allInnerTexts()).toEqual([
      expect.stringMatching(/^narrow.*unused directions.*few strong directions\s+Uses 6 of 32 directions/s),
      expect.stringMatching(
        /^dead.*constant outputs\s+Uses all 32 directions.*3 outputs of 64 have only zero weights/s,
      ),
    ]);
    const settings = await page.locator('#settings').innerText();
    for (const words of ['models/small.safetensors', 'numpy, relative:0.01', 'permuted', 'fold', 'false'])
      expect(settings).toContain(words);
    expect(await page.locator('#notes').innerText()).toContain('a note');
    await page.locator('#skipped summary').click();
    expect(await page.locator('#skipped dd').textContent()).toBe('a vector');
    expect(requests).toHaveLength(1);
    expect(problems).toEqual([]);
    expect(await page.evaluate(() => document.fonts.check("600 13px 'Source Sans 3'"))).toBe(true);
  });

  it('draws each layer with its random order, for every measure', async () => {
    const { page } = small;
    const overview = page.locator('#weights-overview svg');
    const options = await page.locator('#weights-measure option').allInnerTexts();
    expect(options).toEqual([
      ...['rank at tolerance numpy', 'rank at tolerance 0.01', 'directions above rounding', 'effective rank'],
    ]);
    for (const label of options) {
      await page.locator('#weights-measure').selectOption({ label });
      expect(await overview.locator('circle.own').count()).toBe(2);
      expect(await overview.locator('path.marked').count()).toBe(2);
      expect(await overview.locator('line.random').count()).toBe(4);
      expect(await overview.locator('rect.bar').count()).toBe(8);
      expect(await overview.locator('title').textContent()).toBe(`${label}, layer by layer`);
    }
    expect(await page.locator('#weights-overview output').innerText()).toMatch(
      /^1 stem: effective rank is [\d.]+ of 24 \(\d+ %\); the same weights in random order: \d+ %; 24 × 27$/,
    );
  });

  it('sorts and filters its table, and opens spectra, by keyboard', async () => {
    const { page } = small;
    const rows = () => page.locator('table.layers tbody tr:not(.detail):visible th').allInnerTexts();
    const heading = (label: string) =>
      page.locator('table.layers thead').getByRole('button', { name: label });
    await heading('Weights').press('Enter');
    expect(await rows()).toEqual(['dead', 'narrow', 'stem', 'head']);
    expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    await heading('Weights').press('Space');
    expect(await rows()).toEqual(['head', 'stem', 'narrow', 'dead']);
    await heading('Share').press('Enter');
    expect((await rows())[0]).toBe('narrow');
    await heading('#').press('Enter');

    await page.getByLabel('Find').fill('CONV');
    expect(await rows()).toEqual(['dead']);
    await page.getByLabel('Find').fill('nothing');
    expect(await rows()).toEqual([]);
    expect(await page.locator('#weights-layers output').innerText()).toBe('0 of 4');
    await page.getByLabel('Find').fill('');
    await page.getByLabel('only those to look at').press('Space');
    expect(await rows()).toEqual(['narrow', 'dead']);

    // the slider opens a layer that the filter hides
    const slider = page.getByRole('slider', { name: 'Layer' });
    await slider.focus();
    await page.keyboard.press('End');
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^4 \u2068head\u2069: /);
    await page.keyboard.press('Enter');
    expect(await rows()).toEqual(['stem', 'narrow', 'dead', 'head']);
    const opened = page.locator('#weights-detail-4');
    expect(await opened.isVisible()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('head');
    expect(await opened.locator('path.curve').count()).toBe(2);
    expect(await opened.locator('svg title').textContent()).toBe(
      'Singular values of \u2068model/head/kernel\u2069',
    );
    expect(await opened.innerText()).toContain('model/head/kernel');
    await opened.locator('summary').press('Enter');
    await expect.poll(() => opened.locator('table.values tbody tr').count()).toBe(10);
    await page.locator('#weights-layer-4 button').press('Enter');
    expect(await opened.isVisible()).toBe(false);
    expect(await page.locator('#weights-layer-4 button').getAttribute('aria-expanded')).toBe('false');

    // every control can be reached
    const controls = await page.locator('button:visible, select, input, summary:visible').count();
    const reached = new Set<string>();
    await page.locator('body').press('Home');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    for (let i = 0; i < controls; i++) {
      await page.keyboard.press('Tab');
      reached.add(
        await page.evaluate(() =>
          String([...document.querySelectorAll('*')].indexOf(document.activeElement!)),
        ),
      );
    }
    expect(reached.size).toBe(controls);
  });

  it('reads values under the pointer', async () => {
    const { page } = small;
    await page.locator('.cards .link').first().click();
    const chart = page.locator('#weights-detail-2 .chart svg');
    const box = (await chart.boundingBox())!;
    await chart.hover({ position: { x: 62, y: box.height / 2 } });
    await expect
      .poll(() => page.locator('#weights-detail-2 output').innerText())
      .toMatch(/^Singular value 1 of 32: [\d.]+; the same weights in random order: [\d.]+$/);
    await page.locator('#weights-overview .chart svg').click({ position: { x: 70, y: 60 } });
    expect(await page.locator('#weights-detail-1').isVisible()).toBe(true);
  });

  it('takes names for nothing but names', async () => {
    const layers = await Promise.all(
      names.map((name) => smallLayer({ name, rows: 4, columns: 5, aliases: [name] })),
    );
    const hostile = names[1]!;
    const { page, problems } = await open(
      report(layers, {
        file: hostile,
        notes: names,
        skipped: names.map((name) => ({ name, reason: name })),
        settings: { layers: hostile },
      }),
      { viewport: { width: 400, height: 800 } },
    );
    expect(await page.locator('table.layers tbody tr:not(.detail)').count()).toBe(names.length);
    for (const button of await page.locator('table.layers tbody th button').all()) await button.click();
    await page.locator('#skipped summary').click();
    expect(await page.locator('.inside svg').count()).toBe(names.length);
    expect(
      await page.locator('.inside dd:has(bdi)').evaluateAll((all) => all.map((it) => it.textContent)),
    ).toEqual(expect.arrayContaining(names.filter((name) => /[a-z<]/.test(name))));
    expect(await page.locator('main :is(img, b:not(.facts b), script, style)').count()).toBe(0);
    expect(await page.evaluate(() => 'bad' in window)).toBe(false);
    const shown = await page.locator('table.layers tbody th button').allTextContents();
    expect(shown.filter((text) => text.trim() === '' || [...text].length > 80)).toEqual([]);
    expect(shown).toContain('(no name)');
    expect(shown).toContain('(U+200f)');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
    expect(problems).toEqual([]);
  });

  it('runs no other script, whatever gets into it', async () => {
    const { page } = small;
    const blocked = page.evaluate(
      () =>
        new Promise<string>((resolve) =>
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective)),
        ),
    );
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.bad = 1';
      document.body.append(script);
    });
    expect(await blocked).toBe('script-src-elem');
    expect(await page.evaluate(() => 'bad' in window)).toBe(false);
  });

  it('is dark and light as the system is, and white on paper, without its controls', async () => {
    const { page } = await open(small.report, { colorScheme: 'dark', viewport: { width: 700, height: 800 } });
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await paper()).toBe('rgb(27, 30, 34)');
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await paper()).toBe('rgb(255, 255, 255)');
    await page.locator('table.layers tbody th button').first().click();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await paper()).toBe('rgb(255, 255, 255)');
    expect(await page.locator(':is(.controls, .slider):visible').count()).toBe(0);
    expect(await page.locator('#weights-detail-1 svg').isVisible()).toBe(true);
    await page.setViewportSize({ width: 650, height: 900 }); // as wide as a page
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(650);
  });

  it('opens with 500 layers of 512 singular values in a second of work, from less than 8 MB', async () => {
    const layer = await smallLayer();
    const spectrum = Float64Array.from({ length: 600 }, (_, i) => Math.exp(-i / 97));
    const layers = Array.from({ length: 500 }, (_, i) => ({
      ...layer,
      ...{ name: `model/block_${i}/expand/kernel`, rows: 600, columns: 2400, deadRows: i % 3 },
      ...{ spectrum, baselineSpectrum: spectrum },
    }));
    const { page, size } = await open(report(layers));
    // of the page's thread, which other programs of this machine do not make longer
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const { metrics } = await session.send('Performance.getMetrics');
    expect(metrics.find(({ name }) => name === 'ThreadTime')!.value).toBeLessThan(1);
    expect(size).toBeLessThan(8e6);
    expect(await page.locator('table.layers tbody tr:not(.detail)').count()).toBe(500);
    expect(await page.locator('.cards li').count()).toBe(12);
  });

  it('shows features before weights, bottlenecks with their reason, and the plan', async () => {
    const weights = [await smallLayer({ name: 'wide' }), await smallLayer({ name: 'narrow', rank: 6 })];
    const stage = (layer: LayerWeights, stage: 'before' | 'after'): LayerFeatures => {
      const { rows, columns, spectrum } = layer;
      const numbers = {
        ranks: [{ rule: 'relative:0.01', rank: 6, lower: 6, upper: 6, certified: true, rankRatio: 6 / rows }],
        ...{ effectiveRank: 5.5, effectiveRatio: 5.5 / rows, stableRank: 3, largest: spectrum[0]!, spectrum },
      };
      return {
        ...{ layer: layer.name, kind: 'linear', stage, value: `${layer.name}/out`, activation: 'Relu' },
        ...{ channelsIn: columns, channels: rows, dimensionRatio: columns / rows, columns: 480 },
        ...{ centred: numbers, uncentred: numbers, half: null, few: false },
        shares: { silent: 2 / rows, neverBent: 0, dormant: 0 },
        random: { columns: 480, centred: { ...numbers, effectiveRank: 20 }, uncentred: numbers },
        bottleneck:
          stage === 'after' && layer.name === 'narrow' ? { entered: 20, possible: 20, kept: 6 } : null,
      };
    };
    const errors = { calibrating: 0.05, heldOut: 0.052 };
    const { page, problems } = await open(
      report(weights, {
        features: {
          ...{ file: 'small.onnx', format: 'onnx', runner: 'onnxruntime 1' },
          inputs: { count: 60, ran: 60, words: '60 of 100 images', settings: { size: [32, 32] } },
          features: weights.flatMap((layer) => [stage(layer, 'before'), stage(layer, 'after')]),
          skipped: [{ name: 'If_0', reason: 'values in the body of an If' }],
        },
        plan: {
          ...{ error: 0.05, inputs: { words: '8 of 10 images', calibrating: 4, heldOut: 4 } },
          layers: [
            {
              ...{ layer: 'narrow', rows: 24, columns: 32, bound: 24 },
              ...{ rank: 6, fewInputs: true, saves: true },
              ...{ error: errors, weightError: { calibrating: 0.2, heldOut: 0.21 } },
              ...{ parameters: { before: 768, after: 336 }, macs: { before: 7680, after: 3360 } },
            },
          ],
          channels: [
            {
              ...{ layer: 'wide', channels: 24, removable: [{ kind: 'dead' }] },
              width: { rank: 24, bound: 24, saturated: true },
            },
          ],
          ...{ macs: { before: 7680, after: 3360 }, skipped: [] },
        },
      }),
      { viewport: { width: 400, height: 800 } },
    );
    expect(await page.locator('h2').allTextContents()).toEqual([
      ...['Features: overview', 'Features: layers to look at', 'Features: all layers'],
      ...['Weights: overview', 'Weights: layers to look at', 'Weights: all layers'],
      ...['Plan', 'Settings', 'Left out', 'How to read this page'],
    ]);
    const cards = await page.locator('#features-marked li').allInnerTexts();
    expect(cards[0]).toMatch(/^narrow.*a bottleneck.*silent channels/s);
    expect(cards[0]).toContain('It keeps 6 of the 20 directions that it could keep at 1 %.');
    expect(cards[1]).toContain('2 channels of 24 have the same value on every input.');
    await page.locator('#features-marked .link').first().click();
    const opened = page.locator('#features-detail-2');
    expect(await opened.locator('path.curve').count()).toBe(2);
    expect(await opened.locator('.legend').innerText()).toContain('before the activation');
    expect(await opened.innerText()).toContain('Before the activation there are 6.');
    expect(await page.locator('#weights-detail-2').isVisible()).toBe(false);
    expect(await page.locator('header').innerText()).toContain(
      '1 of 1 layer could be replaced by two smaller ones, with an error of at most 5.0 %. This saves 56.3 % of their multiply-adds.',
    );
    expect(await page.locator('table.plan tbody tr').allInnerTexts()).toEqual([
      'narrow\t24 × 32\t6* of 24\t5.0 %\t5.2 %\t21.0 %\t7,680\t56.3 %',
    ]);
    // a name is not broken into letters
    expect((await page.locator('table.plan tbody th').boundingBox())!.width).toBeGreaterThan(130);
    expect(await page.locator('#plan').innerText()).toContain('The inputs are too few');
    expect(await page.locator('#plan').innerText()).toContain('can be removed: \u2068wide\u2069 1 of 24.');
    expect(await page.locator('#settings').innerText()).toMatch(/inputs: size\s+32, 32/);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
    expect(problems).toEqual([]);
  });

  it('says so where nothing was measured', async () => {
    const { page, problems } = await open(report([], { skipped: [{ name: 'a', reason: 'NaN at row 0' }] }));
    expect(await page.locator('header').innerText()).toContain('No layer was measured.');
    await page.locator('#skipped summary').click();
    expect(await page.locator('#skipped dd').textContent()).toBe('NaN at row 0');
    expect(problems).toEqual([]);
  });

  it('shows layers without a baseline, of one direction and of zeros', async () => {
    const layers = [
      await smallLayer({ baseline: 'none' }),
      await smallLayer({ baseline: 'none', rows: 1 }),
      await smallLayer({ baseline: 'none', zeros: 24 }),
    ];
    const { page, problems } = await open(report(layers));
    for (const button of await page.locator('table.layers tbody th button').all()) await button.click();
    expect(await page.locator('.inside').allInnerTexts()).toEqual([
      expect.stringContaining('Uses all 24 directions'),
      expect.stringContaining('Has one output, so one direction.'),
      expect.stringContaining('All singular values are 0.'),
    ]);
    expect(await page.locator('body').innerText()).not.toMatch(/random order|undefined|NaN|null/);
    expect(problems).toEqual([]);
  });

  async function open(given: ModelReport, options: BrowserContextOptions = {}): Promise<Opened> {
    const html = await modelReport(given);
    const path = join(mkdtempSync(join(folder, 'report-')), 'report.html');
    writeFileSync(path, html);
    const context = await browser.newContext({
      viewport: { width: 1100, height: 900 },
      offline: true,
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const requests: string[] = [];
    const problems: string[] = [];
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('html[data-drawn]', { state: 'attached' });
    return { report: given, page, requests, problems, size: Buffer.byteLength(html) };
  }
});

interface Opened {
  readonly report: ModelReport;
  readonly page: Page;
  readonly requests: readonly string[];
  readonly problems: readonly string[];
  /** In bytes. */
  readonly size: number;
}

function rgb(colour: string): number[] {
  const digits =
    colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit).join('') : colour.slice(1);
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
}
