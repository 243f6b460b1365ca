import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Figure } from '../../../src/plots/render/figure.js';
import { writeFigure, type FigureFormat } from '../../../src/plots/render/render.js';
import { drawSvg } from '../../../src/plots/render/svg.js';
import { FileWriteError } from '../../../src/files/write-whole.js';
import { figures } from '../figures/figures.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rankscope-plots-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('writeFigure', () => {
  let figure: Figure;
  let base: string;
  let paths: string[];

  beforeAll(async () => {
    figure = figures['curve']!();
    base = join(folder, 'deep', 'er', 'curve');
    paths = await writeFigure(figure, base);
  });

  it('writes every format, the specification and the data, and nothing else', () => {
    expect(paths).toEqual(
      ['svg', 'png', 'pdf', 'html', 'vl.json', 'csv'].map((ending) => `${base}.${ending}`),
    );
    expect(readdirSync(join(folder, 'deep', 'er')).sort()).toEqual(
      paths.map((path) => path.split('/').at(-1)).sort(),
    );
  });

  it('writes the exact specification', () => {
    expect(JSON.parse(readFileSync(`${base}.vl.json`, 'utf8'))).toEqual(figure.spec);
  });

  it('writes the exact data', () => {
    const [header, first, ...rest] = readFileSync(`${base}.csv`, 'utf8').trimEnd().split('\n');
    expect(header).toBe(
      'block,tap,activation,dimension_ratio,tolerance,layers,rank_ratio_mean,rank_ratio_sd,ci95_low,ci95_high',
    );
    expect(first).toBe(Object.values(figure.data['curve']![0]!).join(','));
    expect(rest.length + 1).toBe(figure.data['curve']!.length);
  });

  it('names several data sets', async () => {
    const written = await writeFigure(figures['spectrum']!(), join(folder, 'spectrum'), []);
    expect(written.map((path) => path.slice(folder.length + 1))).toEqual([
      'spectrum.vl.json',
      'spectrum-spectrum.csv',
      'spectrum-cumulative.csv',
    ]);
  });

  it('writes an SVG with its words, its font, and nothing from outside', () => {
    const svg = readFileSync(`${base}.svg`, 'utf8');
    expect(svg).toContain(`<title>${figure.title}</title>`);
    expect(svg).toContain('Pointwise convolution (1×1)');
    expect(svg.match(/@font-face/g)).toHaveLength(2);
    expect(svg.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:\/\//);
  });

  it('writes a PNG of two pixels to one, with its text', async () => {
    const png = pixels(readFileSync(`${base}.png`));
    const svg = await drawSvg(figure.spec);
    const [width, height] = sizeOf(svg);
    expect([png.width, png.height]).toEqual([2 * width, 2 * height]);
    // The title stands in the first lines, where there is nothing but text.
    expect(darkPixels(png, 90)).toBeGreaterThan(500);
    const bare = new Resvg(svg.replace(/<text.*?<\/text>/gs, ''), {
      fitTo: { mode: 'zoom', value: 2 },
      background: '#ffffff',
    });
    expect(darkPixels(bare.render(), 90)).toBe(0);
  });

  it('writes a PDF of one page in the size of the drawing, with its text and its font inside', async () => {
    const pdf = readFileSync(`${base}.pdf`);
    const [width, height] = sizeOf(await drawSvg(figure.spec));
    const source = pdf.toString('latin1');
    expect(source).toContain(`/MediaBox [0 0 ${width} ${height}]`);
    expect(source.match(/\/Type \/Page\b/g)).toHaveLength(1);
    expect(source).toMatch(/\/FontName \/[A-Z]{6}\+SourceSans3-Regular/);
    expect(source).toMatch(/\/FontName \/[A-Z]{6}\+SourceSans3-SemiBold/);
    expect(source.match(/\/FontFile2 /g)).toHaveLength(2);
    // Text that can be selected needs the way from glyphs back to characters.
    expect(source.match(/\/ToUnicode /g)).toHaveLength(2);
    expect(source).not.toContain('/Subtype /Image');
    expect(pageContent(pdf).match(/\bT[jJ]\b/g)!.length).toBeGreaterThan(40);
  });

  it('writes the same bytes again, given the date', async () => {
    const before = process.env['SOURCE_DATE_EPOCH'];
    process.env['SOURCE_DATE_EPOCH'] = '1700000000';
    try {
      const [one, two] = [join(folder, 'one'), join(folder, 'two')];
      const formats: FigureFormat[] = ['svg', 'png', 'pdf', 'html'];
      const endings = (await writeFigure(figure, one, formats)).map((path) => path.slice(one.length));
      await writeFigure(figure, two, formats);
      for (const ending of endings)
        expect(readFileSync(two + ending).equals(readFileSync(one + ending))).toBe(true);
    } finally {
      if (before === undefined) delete process.env['SOURCE_DATE_EPOCH'];
      else process.env['SOURCE_DATE_EPOCH'] = before;
    }
  });

  it('says what it does not know', async () => {
    await expect(writeFigure(figure, base, ['gif' as FigureFormat])).rejects.toThrow(
      'unknown figure format: gif (allowed: svg, png, pdf, html)',
    );
  });

  it('says which file cannot be written, and leaves none behind', async () => {
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file', 'curve');
    const failure = await writeFigure(figure, path, ['svg']).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FileWriteError);
    expect((failure as Error).message).toBe(
      `cannot write: ${path}.svg (it, or a part of its path, is a file, not a folder)`,
    );
    expect((failure as Error).cause).toBeInstanceOf(Error);
  });

  it.skipIf(process.getuid?.() === 0)('says when permission is missing', async () => {
    const closed = mkdtempSync(join(folder, 'closed-'));
    chmodSync(closed, 0o500);
    await expect(writeFigure(figure, join(closed, 'curve'), [])).rejects.toThrow('permission denied');
  });
});

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Decodes a PNG by drawing it. */
function pixels(png: Buffer): Pixels {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const image = `<image width="${width}" height="${height}" href="data:image/png;base64,${png.toString('base64')}"/>`;
  return new Resvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${image}</svg>`,
  ).render();
}

/** How many of the pixels of the first rows are darker than mid grey. */
function darkPixels({ width, pixels }: Pixels, rows: number): number {
  let dark = 0;
  for (let at = 0; at < 4 * width * rows; at += 4) if (pixels[at]! < 128) dark++;
  return dark;
}

function sizeOf(svg: string): [number, number] {
  const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg)!;
  return [Number(width), Number(height)];
}

/** The drawing operators of a PDF: its longest compressed stream that shows text. */
function pageContent(pdf: Buffer): string {
  const source = pdf.toString('latin1');
  const contents: string[] = [];
  for (const match of source.matchAll(/\/Filter \/FlateDecode\n?[^]*?stream\n/g)) {
    const start = match.index + match[0].length;
    const stream = pdf.subarray(start, pdf.indexOf('\nendstream', start));
    contents.push(inflateSync(stream).toString('latin1'));
  }
  return contents.filter((content) => content.includes(' Tf')).sort((a, b) => b.length - a.length)[0] ?? '';
}
