import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { curveFigure } from '../../../src/plots/figures/curve/curve.js';
import type { Figure } from '../../../src/plots/render/figure.js';
import { escapeScript } from '../../../src/plots/render/escape-script.js';
import { htmlFile } from '../../../src/plots/render/html.js';
import { writeFigure } from '../../../src/plots/render/render.js';
import { chromiumFound, startChromium, warnWithoutChromium } from '../../chromium.js';
import { figures } from '../figures/figures.js';
import { smallCurve } from '../figures/small-data.js';

warnWithoutChromium('the HTML figures are not opened');

describe('htmlFile', () => {
  it('keeps the text of a figure from ending its script', async () => {
    const title = '</script><script>alert(1)</script> & <!-- "x"';
    const html = await htmlFile(curveFigure(smallCurve({ activations: ['relu', '</script>'] }), { title }));
    expect(html.match(/<script/g)).toHaveLength(html.match(/<\/script>/g)!.length);
    expect(html).not.toContain('<script>alert');
    const json = /<script type="application\/json" id="figure">(.*?)<\/script>/s.exec(html)![1]!;
    expect((JSON.parse(json) as { spec: Figure['spec'] }).spec).toMatchObject({
      description: expect.any(String),
    });
  });

  it('tells of picking names only where a legend can be picked', async () => {
    expect(await htmlFile(curveFigure(smallCurve({ activations: ['relu', 'silu'] })))).toContain(
      'Click a name',
    );
    expect(await htmlFile(await figures.phase!())).not.toContain('Click a name');
  });

  it('escapes what would end or reopen a script', () => {
    const source = 'a = "</script>" + /<\\/script/ + "</SCRIPT>" + "<!--"';
    expect(escapeScript(source)).not.toMatch(/<\/script|<!--/i);
    expect(new Function(`let a; ${escapeScript(source)}; return a`)()).toBe(
      `</script>${String(/<\/script/)}</SCRIPT><!--`,
    );
  });
});

describe.skipIf(!chromiumFound)('a figure in Chromium', () => {
  let browser: Browser;
  let folder: string;
  let curve: Opened;
  let spectrum: Opened;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rankscope-html-'));
    browser = await startChromium();
    curve = await open(figures['curve']!(), { width: 1100, height: 900 });
    spectrum = await open(figures['spectrum']!(), { width: 390, height: 800 });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('draws the curves with their words, offline, and asks for nothing', async () => {
    const { page, requests, problems } = curve;
    expect(await page.locator('#drawing .mark-line path').count()).toBe(2 * 3);
    expect(await page.locator('#drawing .mark-symbol.role-mark path').count()).toBe(2 * 3 * 4);
    expect(await page.locator('#drawing .mark-area path').count()).toBe(2 * 3);
    const text = await page.locator('#drawing').innerText();
    for (const words of [
      'Rank ratio against dimension ratio',
      'Pointwise convolution (1×1)',
      'SiLU',
      'rank = input channels',
    ])
      expect(text).toContain(words);
    expect(await page.title()).toBe('Rank ratio against dimension ratio');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.evaluate(() => document.fonts.check("600 13px 'Source Sans 3'"))).toBe(true);
    expect(await page.evaluate(() => [...document.fonts].every((font) => font.status === 'loaded'))).toBe(
      true,
    );
    expect(requests).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('fades the others when a name in the legend is clicked, and brings them back', async () => {
    const { page } = curve;
    const opacities = async (): Promise<string> => {
      const lines = await page.locator('#drawing .mark-line path').all();
      return (await Promise.all(lines.map((line) => line.getAttribute('opacity'))))
        .map((it) => it ?? '1')
        .join();
    };
    const name = (text: string) =>
      page.locator('#drawing .role-legend-label text').getByText(text, { exact: true });
    const all = '1,1,1,1,1,1';
    expect(await opacities()).toBe(all);
    await name('ReLU').click();
    await expect.poll(opacities).toBe('0.07,1,0.07,0.07,1,0.07');
    await name('SiLU').click({ modifiers: ['Shift'] });
    await expect.poll(opacities).toBe('0.07,1,1,0.07,1,1');
    await page.locator('#drawing svg').click({ position: { x: 4, y: 4 } });
    await expect.poll(opacities).toBe(all);
    await name('SiLU').press('Enter');
    await expect.poll(opacities).toBe('0.07,0.07,1,0.07,0.07,1');
    await page.locator('#drawing svg').click({ position: { x: 4, y: 4 } });
    await expect.poll(opacities).toBe(all);
  });

  it('shows a table of all values where the pointer is', async () => {
    const { page } = curve;
    const box = (await page.locator('#drawing .mark-group.role-scope .background').nth(0).boundingBox())!;
    await page.mouse.move(box.x + 0.52 * box.width, box.y + 0.8 * box.height);
    const table = page.locator('#vg-tooltip-element.visible');
    await table.waitFor();
    const words = (await table.innerText()).replace(/\s+/g, ' ');
    expect(words).toContain('Dimension ratio 0.5');
    expect(words).toContain('ReLU 0.794 (0.776 to 0.812)');
  });

  it('takes names for nothing but names', async () => {
    const names = [
      ...[
        'a.b',
        'a[0]',
        "o'ther",
        '"',
        '<b>&</b>',
        '</script><script>window.bad = 1</script>',
        'datum.value',
      ],
      ...[
        '__proto__',
        'constructor',
        'toString',
        'title',
        'image',
        '2',
        '1',
        'a\nb',
        'a\tb',
        '',
        '\u2028',
        '${x}',
      ],
      ...['{"signal":"1"}', "'+alert(1)+'", 'x'.repeat(90), `${'x'.repeat(90)}y`],
    ];
    const { page, problems } = await open(
      curveFigure(smallCurve({ blocks: ['pointwise'], activations: names }), { ratioRange: [0, 1] }),
      { width: 1300, height: 1000 },
    );
    expect(await page.locator('#drawing .mark-line path').count()).toBe(names.length);
    const labels = await page.locator('#drawing .role-legend-label text').allTextContents();
    expect(new Set(labels).size).toBe(names.length);
    for (const name of ['a.b', '__proto__', 'constructor', '<b>&</b>', 'title', 'image'])
      expect(labels).toContain(name);
    expect(Number(await page.locator('#drawing svg').getAttribute('width'))).toBeLessThan(900);
    const box = (await page.locator('#drawing .mark-group.role-scope .background').nth(0).boundingBox())!;
    await page.mouse.move(box.x + 0.52 * box.width, box.y + 0.5 * box.height);
    const table = page.locator('#vg-tooltip-element.visible');
    await table.waitFor();
    expect(await table.locator('td.value').allTextContents()).toHaveLength(names.length + 1);
    expect(await table.locator('img, h2, b').count()).toBe(0);
    expect(await page.evaluate(() => 'bad' in window)).toBe(false);
    expect(problems).toEqual([]);
  });

  it('takes the narrow layout on a phone, and the wide one when turned', async () => {
    const { page } = spectrum;
    const width = () => page.locator('#drawing svg').evaluate((svg) => Number(svg.getAttribute('width')));
    expect(await width()).toBeLessThan(390);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1000, height: 800 });
    await expect.poll(width).toBeGreaterThan(600);
  });

  it('offers the exact data and specification', async () => {
    const { figure, page, base } = spectrum;
    const contents = await page.locator('#downloads a').evaluateAll((links) =>
      Promise.all(
        links.map(async (link) => {
          const { href, download } = link as HTMLAnchorElement;
          const reply = await new Promise<string>((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.open('GET', href);
            request.onload = () => resolve(request.responseText);
            request.onerror = () => reject(new Error(`no ${href}`));
            request.send();
          });
          return [download, reply] as const;
        }),
      ),
    );
    expect(contents.map(([name]) => name)).toEqual([
      'spectrum-spectrum.csv',
      'spectrum-cumulative.csv',
      'spectrum.vl.json',
    ]);
    for (const name of ['spectrum', 'cumulative'])
      expect(new Map(contents).get(`spectrum-${name}.csv`)).toBe(readFileSync(`${base}-${name}.csv`, 'utf8'));
    expect(JSON.parse(new Map(contents).get('spectrum.vl.json')!)).toEqual(figure.spec);
  });

  async function open(figure: Figure, viewport: { width: number; height: number }): Promise<Opened> {
    const base = join(mkdtempSync(join(folder, 'figure-')), figure.name);
    await writeFigure(figure, base, ['html']);
    // The policy of the page forbids even reading a blob back, which the downloads' test has to do.
    const context = await browser.newContext({
      viewport,
      offline: true,
      bypassCSP: figure.name === 'spectrum',
    });
    const page = await context.newPage();
    const requests: string[] = [];
    const problems: string[] = [];
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    await page.goto(pathToFileURL(`${base}.html`).href);
    await page.waitForSelector('html[data-drawn]');
    return { figure, page, base, requests, problems };
  }
});

interface Opened {
  readonly figure: Figure;
  readonly page: Page;
  /** Where the files of the figure are, without their endings. */
  readonly base: string;
  readonly requests: readonly string[];
  readonly problems: readonly string[];
}
