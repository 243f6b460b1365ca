import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = join(__dirname, '../../src');

// Both packages contain a top-level await, so `require()` of anything that imports them would throw.
it('loads vega and vega-lite only when a figure is drawn', () => {
  const files = readdirSync(join(root, 'plots'), { recursive: true, encoding: 'utf8' });
  const loading = files
    .filter((file) => file.endsWith('.ts'))
    .filter((file) =>
      importedBy(join(root, 'plots', file)).some((name) => /^vega(-lite|-embed)?$/.test(name)),
    );
  expect(loading).toEqual([]);
});

it('loads no maker of images and no reader of fonts with the library', () => {
  const packages = loadedWith(join(root, 'index.ts'));
  expect(packages).toContain('valibot'); // the walk gets beyond the index
  const renderers = [
    'pdfkit',
    'svg-to-pdfkit',
    'fontkit',
    '@resvg/resvg-js',
    'vega',
    'vega-lite',
    'vega-embed',
  ];
  expect(renderers.filter((name) => packages.has(name))).toEqual([]);
});

/** The packages that a file imports, itself or through the files it imports, before anything runs. */
function loadedWith(entry: string): Set<string> {
  const [files, packages] = [new Set([entry]), new Set<string>()];
  for (const file of files) {
    for (const name of importedBy(file)) {
      const path = resolve(dirname(file), name.replace(/\.js$/, '.ts'));
      if (!name.startsWith('.')) packages.add(name);
      else if (existsSync(path)) files.add(path);
    }
  }
  return packages;
}

/** What the compiled file imports statically: not its types. */
function importedBy(file: string): string[] {
  const statements = readFileSync(file, 'utf8').matchAll(
    /^(?:import|export)\s(?!type\b)(?:([^;']*?)\sfrom\s)?'([^']+)'/gm,
  );
  return [...statements]
    .filter(([, names]) => names === undefined || !onlyTypes(names))
    .map(([, , name]) => name!);
}

function onlyTypes(names: string): boolean {
  const listed = /^\{([^}]*)\}$/.exec(names.trim())?.[1]?.split(',');
  return listed?.every((name) => name.trim() === '' || name.trim().startsWith('type ')) ?? false;
}
