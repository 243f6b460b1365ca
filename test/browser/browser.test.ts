import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build, type BuildOptions } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as browserNames from '../../src/browser.js';
import * as allNames from '../../src/index.js';
import type { resolveEngine } from '../../src/spectrum/engines.js';
import type { WasmEngine } from '../../src/spectrum/wasm/wasm-engine.js';
import { chromiumFound, startChromium, warnWithoutChromium } from '../chromium.js';
import { gaussian, planted } from '../spectrum/wasm/planted.js';
import { seeded } from '../spectrum/wasm/random.js';

// The built package, as a page gets it; `npm test` builds it first.
const root = join(__dirname, '../..');
const ORIGIN = 'http://rankscope.test';
/** What a page without a bundler needs: the places of the dependencies, as modules for browsers. */
const imports = { 'ml-matrix': '/modules/ml-matrix.js', valibot: '/modules/valibot.js' };

/** What page.mjs leaves for the tests. */
interface PageGlobals {
  readonly rankscope: typeof browserNames;
  readonly resolveEngine: typeof resolveEngine;
  readonly probe: Probe;
  probeInWorker(matrices: Plain[]): Promise<Answer>;
}

/** A matrix as plain data, which survives every way to a page. */
interface Plain {
  readonly type: 'float32' | 'float64';
  readonly values: number[];
  readonly rows: number;
  readonly columns: number;
}

interface Answer {
  readonly engine: { name: string; problem?: string } | null;
  readonly answers: { spectrum: number[]; counted: { rank: number; certified: boolean }[] }[];
  readonly drawn: number[][];
  readonly sum: number[] | null;
}

const matrices: Plain[] = [
  plain(gaussian(seeded(1), 30, 41, 'float32')),
  plain(gaussian(seeded(2), 70, 110, 'float32')), // long enough for the rounded copy
  plain(gaussian(seeded(3), 90, 40, 'float32')),
  plain(gaussian(seeded(4), 24, 70)), // the full method, by a triangular factor
  plain(
    planted(
      seeded(5),
      33,
      35,
      Array.from({ length: 33 }, (_, i) => 10 ** (-i / 2)),
    ),
  ),
  plain({ data: new Float64Array(6), rows: 2, columns: 3 }),
];

function plain({
  data,
  rows,
  columns,
}: Pick<Plain, 'rows' | 'columns'> & { data: Float32Array | Float64Array }) {
  const type = data instanceof Float32Array ? ('float32' as const) : ('float64' as const);
  return { type, values: [...data], rows, columns };
}

const probeUrl = pathToFileURL(join(__dirname, 'probe.mjs')).href;
type Probe = (matrices: Plain[], options?: { start: boolean }) => Promise<Answer>;
let expected: Answer;
beforeAll(async () => {
  const { probe } = (await import(probeUrl)) as { probe: Probe };
  expected = await probe(matrices);
});
/** What ml-matrix makes of them, where WebAssembly does not start. */
const ranksOf = ({ answers }: Answer) => answers.map(({ counted }) => counted.map(({ rank }) => rank));

warnWithoutChromium('the engine is not run in a browser');

describe('rankscope/browser', () => {
  it('has the names it shares with rankscope, and those only', () => {
    const all = allNames as Record<string, unknown>;
    for (const [name, value] of Object.entries(browserNames)) expect(value, name).toBe(all[name]);
    expect(Object.keys(browserNames)).toEqual(
      expect.arrayContaining(['rank', 'startEngine', 'createStream']),
    );
  });

  it('runs the WebAssembly engine in Node, and in a worker thread to the same bits', async () => {
    expect(expected.engine).toEqual({ name: 'wasm' });
    expect(expected.answers[0]!.counted[0]).toMatchObject({ rank: 30, certified: true });
    expect(expected.sum).toHaveLength(30);
    const worker = new Worker(join(__dirname, 'thread.mjs'), { workerData: matrices });
    const answer = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(answer).toEqual(expected);
  });
});

describe.skipIf(!chromiumFound)('rankscope/browser in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());

  it('gives the bits of Node in a page without a bundler', async () => {
    const { page, problems } = await open();
    expect(await probeIn(page)).toEqual(expected);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('needs no start there: the page compiles it at once', async () => {
    const { page } = await open();
    expect(await probeIn(page, { start: false })).toEqual({ ...expected, engine: null, sum: null });
    await page.close();
  });

  it('gives the bits of Node in a bundle, in a worker of the page', async () => {
    const { page, problems } = await open();
    const answer = await page.evaluate(
      (given) => (globalThis as unknown as PageGlobals).probeInWorker(given),
      matrices,
    );
    expect(answer).toEqual(expected);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('starts where the main thread refuses to compile at once, and is not lost when it gives memory back', async () => {
    const { page } = await open({
      init: () => {
        // as Chromium did before version 115; no page of today's can be told to
        const refuse = function () {
          throw new RangeError('disallowed on the main thread, if the buffer size is larger than 4KB');
        } as unknown as typeof WebAssembly.Module & typeof WebAssembly.Instance;
        WebAssembly.Module = refuse;
        WebAssembly.Instance = refuse;
      },
    });
    const before = (await probeIn(page, { start: false })) as Answer;
    expect(before.answers[0]!.counted[0]).toMatchObject({ rank: 30, certified: false });
    expect(ranksOf(before)).toEqual(ranksOf(expected));
    expect(before.drawn).toEqual(expected.drawn);
    expect(await probeIn(page)).toEqual(expected);
    // no other instance can be had at once: the one there is must survive giving memory back
    const again = await page.evaluate(() => {
      const { rankscope, resolveEngine } = globalThis as unknown as PageGlobals;
      const matrix = { data: Float32Array.of(1, 2, 3, 4), rows: 2, columns: 2 };
      return [1, 2].map(() => {
        (resolveEngine('wasm') as WasmEngine).release();
        return rankscope.rank(matrix, { engine: 'wasm' }).certified;
      });
    });
    expect(again).toEqual([true, true]);
    await page.close();
  });

  it('falls back to ml-matrix and says why where a content policy forbids WebAssembly', async () => {
    const { page } = await open({ policy: "script-src 'self' 'unsafe-inline'" });
    const answer = (await probeIn(page)) as Answer;
    expect(answer.engine).toEqual({
      name: 'ml-matrix',
      problem: expect.stringMatching(/Content Security Policy/) as string,
    });
    expect(ranksOf(answer)).toEqual(ranksOf(expected));
    expect(answer.drawn).toEqual(expected.drawn);
    expect(answer.answers.every(({ counted }) => counted.every(({ certified }) => !certified))).toBe(true);
    const message = await page.evaluate(() => {
      const { rank } = (globalThis as unknown as PageGlobals).rankscope;
      try {
        return String(rank({ data: Float32Array.of(1), rows: 1, columns: 1 }, { engine: 'wasm' }));
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(message).toMatch(/^engine wasm does not start: .*Content Security Policy/);
    await page.close();
  });

  /** Opens an empty page beside the package. */
  async function open({ policy, init }: { policy?: string; init?: () => void } = {}) {
    const context = await browser.newContext();
    const page = await context.newPage();
    if (init) await page.addInitScript(init);
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    await context.route(`${ORIGIN}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      const headers: Record<string, string> =
        policy === undefined ? {} : { 'Content-Security-Policy': policy };
      if (pathname === '/') {
        const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
        const script = '<script type="module" src="/test/browser/page.mjs"></script>';
        const body = `<!doctype html><link rel="icon" href="data:,">${map}${script}`;
        return route.fulfill({ body, contentType: 'text/html', headers });
      }
      const body = await contentOf(pathname);
      const isScript = ['.js', '.mjs'].includes(extname(pathname));
      return route.fulfill({ body, contentType: isScript ? 'text/javascript' : 'text/plain' });
    });
    await page.goto(`${ORIGIN}/`);
    return { page, problems };
  }

  function probeIn(page: Page, options = { start: true }): Promise<unknown> {
    return page.evaluate(([given, how]) => (globalThis as unknown as PageGlobals).probe(given, how), [
      matrices,
      options,
    ] as const);
  }
});

async function contentOf(path: string): Promise<string | Buffer> {
  if (path === '/bundle.js')
    return bundle({ entryPoints: [join(__dirname, 'page-worker.mjs')], format: 'iife' });
  const [, module] = /^\/modules\/(.*)\.js$/.exec(path) ?? [];
  if (module !== undefined)
    return bundle({ stdin: { contents: `export * from '${module}'`, resolveDir: root }, format: 'esm' });
  return readFileSync(join(root, path));
}

/** What a bundler makes of it for a browser; it refuses Node built-ins. */
async function bundle(options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({ ...options, bundle: true, platform: 'browser', write: false });
  return outputFiles![0]!.text;
}
