import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { svgFile, writeFigure } from 'rankscope/figures';
import { describe, expect, it } from 'vitest';
import { gallery } from '../../experiments/gallery';
import { galleryPage, otherFormats } from '../../experiments/gallery-page';
import { normalisedSvg } from '../plots/render/normalised-svg.js';

const root = join(__dirname, '..', '..');

describe('the gallery', () => {
  it('has every figure of the folder figures/', () => {
    const drawn = readdirSync(join(root, 'figures'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.png'))
      .map((path) =>
        relative('', path)
          .replaceAll('\\', '/')
          .replace(/\.png$/, ''),
      );
    expect(drawn.filter((figure) => !gallery.some((entry) => entry.figure === figure))).toEqual([]);
  });

  it('has figures that are there, each once, with a sentence and a command', () => {
    expect(new Set(gallery.map(({ figure }) => figure)).size).toBe(gallery.length);
    for (const { figure, shows, command } of gallery) {
      expect(existsSync(join(root, 'figures', `${figure}.png`)), figure).toBe(true);
      expect(shows, figure).toMatch(/^[A-Z].*\.$/);
      const script = /experiments\/\S+\.ts/.exec(command)?.[0];
      if (script) expect(existsSync(join(root, script)), command).toBe(true);
    }
  });

  it('names only formats that are there', () => {
    const paths = gallery.flatMap((entry) => {
      return ['png', ...otherFormats(entry)].map((ending) => `${entry.figure}.${ending}`);
    });
    expect(paths.filter((path) => !existsSync(join(root, 'figures', path)))).toEqual([]);
  });

  it('keeps its files below 15 MB', () => {
    const files = readdirSync(join(root, 'figures'), { recursive: true, withFileTypes: true });
    const sizes = files
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(15e6);
  });

  it('is written out in docs/gallery.md', async () => {
    const page = join(root, 'docs', 'gallery.md');
    const options = { ...(await resolveConfig(page)), parser: 'markdown' };
    expect(readFileSync(page, 'utf8')).toBe(await format(galleryPage(gallery), options));
  });
});

describe.each(gallery.filter(({ draw }) => draw))(
  'figures/$figure',
  ({ figure, draw, formats = ['svg'] }) => {
    it('is what its data draw', async () => {
      const folder = join(root, 'figures', figure.replace(/\/[^/]+$/, ''));
      const own = await draw!(folder);
      if (!formats.includes('svg')) {
        // its drawing is kept as pixels, which differ from machine to machine; its specification is not
        const base = join(mkdtempSync(join(tmpdir(), 'rankscope-gallery-')), basename(figure));
        const written = await writeFigure(own, base, [], { data: 'beside' });
        for (const path of written)
          expect(
            readFileSync(path, 'utf8') === readFileSync(join(folder, basename(path)), 'utf8'),
            path,
          ).toBe(true);
        rmSync(dirname(base), { recursive: true });
        return;
      }
      const drawn = await svgFile(own);
      const kept = readFileSync(join(root, 'figures', `${figure}.svg`), 'utf8');
      // by lines of a hash would not say where; of whole files a failure prints megabytes
      const [lines, expected] = [normalisedSvg(drawn).split('\n'), normalisedSvg(kept).split('\n')];
      const at = lines.findIndex((line, i) => line !== expected[i]);
      expect([lines.length, lines[at]]).toEqual([expected.length, expected[at]]);
    });
  },
);
