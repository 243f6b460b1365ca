import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'rankscope-package-'));
afterAll(() => rmSync(folder, { recursive: true }));

// A user's project in which the package is installed.
mkdirSync(join(folder, 'node_modules'));
symlinkSync(root, join(folder, 'node_modules', 'rankscope'));

function run(command: string, args: readonly string[], options: { cwd?: string; input?: string } = {}) {
  const { stdout, stderr, status } = spawnSync(command, args, {
    encoding: 'utf8',
    input: '',
    cwd: folder,
    ...options,
  });
  return { stdout, stderr, status };
}

const bin = (name: string) => join(root, 'node_modules', '.bin', name);

/** What a person would write: one layer, its features, its rank. The numbers must be the same in every way of use. */
const body = `
  await useBackend('auto');
  const protocol = resolveLayerProtocol({ channels: '20:20', bias: 'none', samples: 'd_out+1' });
  const layer = drawLayer({ seed: 0, block: 'pointwise', dimensionRatio: 0.25, index: 0 }, protocol);
  const { output } = layerFeatures(layer, activations.linear);
  console.log(rank(output).rank, output.rows, output.columns, output.data[0].toFixed(4));
`;
const names = '{ activations, drawLayer, layerFeatures, rank, resolveLayerProtocol, useBackend }';
const expected = /^5 20 21 -?\d+\.\d{4}\n$/;

describe('the package', () => {
  const outputs: string[] = [];
  const expectBody = ({ stdout, stderr, status }: ReturnType<typeof run>) => {
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(expected);
    outputs.push(stdout);
    expect(new Set(outputs).size).toBe(1);
  };

  it('is imported by an ES module', () => {
    writeFileSync(join(folder, 'a.mjs'), `import ${names} from 'rankscope';\n${body}`);
    expectBody(run(process.execPath, ['a.mjs']));
  });

  it('is required by a CommonJS module', () => {
    writeFileSync(
      join(folder, 'b.cjs'),
      `const ${names} = require('rankscope');\n(async () => {${body}})();`,
    );
    expectBody(run(process.execPath, ['b.cjs']));
  });

  it('is required in the ts-node REPL', () => {
    const lines = [
      "const { rank } = require('rankscope')",
      'rank({ data: Float64Array.of(1, 2, 2, 4), rows: 2, columns: 2 }).rank',
      "import { effectiveRank } from 'rankscope'",
      'effectiveRank([2, 2]).toFixed(3)',
    ];
    const { stdout, stderr } = run(bin('ts-node'), ['-i'], { cwd: root, input: lines.join('\n') });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^> undefined\n> 1\n> undefined\n> '2\.000'\n> /);
  });

  it.each(['ts-node', 'tsx'])('runs a typed script with %s', (runner) => {
    const script = join(root, 'experiments', `scratch-${process.pid}-${runner}.ts`);
    writeFileSync(
      script,
      `import ${names} from 'rankscope';\nasync function main(): Promise<void> {${body}}\nvoid main();\n`
        .replace('rank(output)', 'rank(output!)')
        .replace('output.', 'output!.')
        .replace('output.', 'output!.')
        .replace('output.', 'output!.')
        .replace('[0]', '[0]!'),
    );
    try {
      expectBody(run(bin(runner), [script], { cwd: root }));
    } finally {
      rmSync(script);
    }
  });

  it.each([
    ['nodenext', 'nodenext', ['wrong.mts', 'wrong.cts']],
    ['node16', 'node16', ['wrong.mts', 'wrong.cts']],
    ['esnext', 'bundler', ['wrong.ts']],
  ])('has types: a wrong call does not compile (%s, %s)', (module, moduleResolution, files) => {
    for (const file of files) {
      const load = file.endsWith('.cts')
        ? "import scope = require('rankscope');\nconst { rank } = scope;"
        : "import { rank } from 'rankscope';\nimport { type Matrix } from 'rankscope/browser';";
      writeFileSync(
        join(folder, file),
        `${load}
rank({ data: [1, 2], rows: 1, columns: 2 });
export const n: string = rank({ data: Float32Array.of(1), rows: 1, columns: 1 }).rank;
${file.endsWith('.cts') ? 'export const a: scope.Matrix' : 'export const a: Matrix'} = { rows: 1 };\n`,
      );
    }
    const shared = {
      target: 'es2023',
      lib: ['es2023'],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
    };
    const compilerOptions = { module, moduleResolution, ...shared };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const { stdout, status } = run(bin('tsc'), []);
    expect(status).not.toBe(0);
    const expected = files.flatMap((file) => [3, 4, 5].map((line) => `${file}(${line}`));
    expect(stdout.match(/^wrong\.\w+\(\d+/gm)?.sort(), stdout).toEqual(expected.sort());
  });

  const doors = ['', '/browser', '/figures', '/networks', '/paper'];

  it('has doors for modules of both kinds, each name behind one of them', () => {
    const script = (load: string) =>
      `(async () => { const all = {}; for (const d of ${JSON.stringify(doors)}) all[d] = Object.keys(${load}); console.log(JSON.stringify(all)); })()`;
    const [imported, required] = ["await import('rankscope' + d)", "require('rankscope' + d)"].map((load) => {
      const { stdout, stderr } = run(process.execPath, ['-e', script(load)]);
      expect(stderr).toBe('');
      return JSON.parse(stdout) as Record<string, string[]>;
    });
    expect(imported).toEqual(required);
    const { '': everyday = [], '/browser': portable = [], ...others } = imported!;
    expect(everyday).toEqual(expect.arrayContaining(portable));
    expect(everyday).toEqual(expect.arrayContaining(['rank', 'runStudy', 'readMatrix', 'predictRankRatios']));
    expect(others).toMatchObject({
      '/figures': expect.arrayContaining(['curveFigure', 'drawRun', 'drawRuns', 'writeFigure']) as string[],
      '/networks': expect.arrayContaining([
        'networkNamed',
        'runNetwork',
        'designNetwork',
        'measureDepth',
      ]) as string[],
      '/paper': expect.arrayContaining(['testClaims', 'table5Networks', 'claimFigure']) as string[],
    });
    const names = [...everyday, ...Object.values(others).flat()];
    expect(names.length).toBeGreaterThan(120);
    expect(names.filter((name, i) => names.indexOf(name) < i)).toEqual([]);
  });

  it('loads no heavy library when it is imported', () => {
    const hook =
      "export function load(url, context, next) { writeSync(1, url + '\\n'); return next(url, context); }";
    const loader = `data:text/javascript,${encodeURIComponent(`import { writeSync } from 'node:fs'; ${hook}`)}`;
    const script = `import { register } from 'node:module'; register(${JSON.stringify(loader)});
      for (const door of ${JSON.stringify(doors)}) await import('rankscope' + door);`;
    writeFileSync(join(folder, 'loads.mjs'), script);
    const { stdout, stderr } = run(process.execPath, ['loads.mjs']);
    expect(stderr).toBe('');
    expect(stdout).toContain('/dist/rank/rank.js');
    const heavy = /node_modules\/(@tensorflow|vega|vega-lite|@duckdb|sharp|pdfkit|h5wasm)\/.*/g;
    expect(stdout.match(heavy)).toBe(null);
  });

  it('exports what it says and nothing else', () => {
    const script = "import('rankscope/dist/rank/rank.js').catch((e) => console.log(e.code))";
    expect(run(process.execPath, ['-e', script]).stdout).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });

  describe('as packed', () => {
    const packed = join(folder, 'package');
    const read = (path: string) => readFileSync(join(packed, path), 'utf8');
    let paths: string[];
    let size: number;

    beforeAll(() => {
      const options = ['--json', '--ignore-scripts', '--pack-destination', folder];
      const [pack] = JSON.parse(run('npm', ['pack', ...options], { cwd: root }).stdout) as [
        { filename: string; size: number; files: { path: string }[] },
      ];
      run('tar', ['-xzf', pack.filename]);
      paths = pack.files.map(({ path }) => path);
      size = pack.size;
    });

    it('has what a user needs, and only that, in a few megabytes', () => {
      for (const path of ['LICENSE', 'README.md', 'dist/package.json', 'dist/index.d.ts', 'dist/cli/main.js'])
        expect(paths).toContain(path);
      const folders = new Set(paths.map((path) => /^[^/]+/.exec(path)![0]));
      const files = ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'package.json'];
      expect([...folders].sort()).toEqual([...files, 'dist', 'docs', 'experiments', 'figures', 'src'].sort());
      expect(size).toBeLessThan(9e6);
    });

    it('has whatever its README and docs link to', () => {
      const pages = paths.filter((path) => path.endsWith('.md'));
      const links = pages.flatMap((page) => linksOf(read(page)).map((link) => ({ page, link })));
      expect(links.length).toBeGreaterThan(50);
      const dead = links.filter(({ page, link }) => !existsSync(join(packed, dirname(page), link)));
      expect(dead).toEqual([]);
    });

    it('has the pages and files that its sources name', () => {
      const named = paths
        .filter((path) => /^(src|experiments)\/.*\.[cm]?ts$/.test(path))
        .flatMap(
          (path) => read(path).match(/\b(docs|figures|experiments|src)\/[\w./-]*\w\.(md|ts|png)\b/g) ?? [],
        );
      expect(named.length).toBeGreaterThan(10);
      expect(named.filter((path) => !existsSync(join(packed, path)))).toEqual([]);
    });

    it('has the sources of every source map', () => {
      // a module that is gone may still be in dist/ here; `npm pack` by itself builds it anew
      const isBuilt = (path: string) =>
        existsSync(join(root, path.replace(/^dist\/(.*)\.(?:js|d\.ts)\.map$/, 'src/$1.ts')));
      const maps = paths.filter((path) => path.endsWith('.map') && isBuilt(path));
      expect(maps.length).toBeGreaterThan(200);
      const dead = maps.filter((path) => {
        const { sources } = JSON.parse(read(path)) as { sources: string[] };
        return sources.length === 0 || sources.some((source) => !paths.includes(join(dirname(path), source)));
      });
      expect(dead).toEqual([]);
    });

    it('names no address that is not its own', () => {
      const manifest = JSON.parse(read('package.json')) as Record<string, unknown>;
      expect(Object.keys(manifest).filter((key) => /repository|homepage|bugs|funding/.test(key))).toEqual([]);
    });
  });

  it('needs no newer Node than it says: no direct dependency asks for one', () => {
    const read = (path: string) =>
      JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>;
    const manifest = read('package.json');
    const { packages } = read('package-lock.json') as {
      packages: Record<string, { engines?: { node?: string } }>;
    };
    const direct = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.keys(manifest[kind] as Record<string, string>),
    );
    for (const name of direct) {
      const range = packages[`node_modules/${name}`]?.engines?.node ?? '*';
      // every alternative of the range begins at a version; one of them must admit 20.19
      const admits = range
        .split('||')
        .some((part) => /\*|[x]|^\D*(\d+)/.test(part) && admitsNode20(part.trim()));
      expect(admits, `${name} ${range}`).toBe(true);
    }
  });
});

/** Whether one alternative of an engines range (`>=18.12`, `^20.19.0`, `20 || 22`) admits Node 20.19.0. */
function admitsNode20(part: string): boolean {
  const match = /^(>=|\^|~)?\s*v?(\d+)(?:\.(\d+|x))?(?:\.(\d+|x))?$/.exec(part);
  if (!match) return part === '*' || part === '';
  const [, operator, major, minor = '0'] = match;
  const atMost = Number(major) < 20 || (Number(major) === 20 && (minor === 'x' || Number(minor) <= 19));
  return operator === '>=' ? atMost : Number(major) === 20 && atMost;
}

/** Returns the relative targets of a page's links and images, without those in code. */
function linksOf(page: string): string[] {
  const text = page.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)|\b(?:src|href)="([^"]+)"|^\[[^\]]+\]: (\S+)/gm)]
    .map(([, link, attribute, reference]) => link ?? attribute ?? reference!)
    .map((link) => link.replace(/#.*$/, ''))
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link));
}
