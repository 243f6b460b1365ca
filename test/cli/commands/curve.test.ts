import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/runs/study-run.js';
import { rowsOf } from '../../store/rows-of.js';
import { rankscope, rankscopeInTurn, startRankscope } from '../rankscope.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-cli-'));
afterAll(() => rmSync(base, { recursive: true }));
let out = '';
let count = 0;
beforeEach(() => (out = join(base, `run-${count++}`)));

const small = [
  '--blocks',
  'pointwise,inverted-depthwise',
  '--activations',
  'linear',
  'silu',
  '--ratios',
  '0.25,1',
];
const tiny = [...small, '--layers', '2', '--channels', '8:16'];
/** The same without worker threads, which take longer to start than so few layers to measure. */
const quick = [...tiny, '--workers', '0'];
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Manifest;

describe('rankscope curve', () => {
  it('draws layers, prints the table and says where everything is', () => {
    const { stdout, stderr, status } = rankscope(['curve', ...tiny, '--out', out]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^pointwise\n +0\.25 +1\nlinear +0\.\d{3} 1\.000\nsilu /);
    expect(stdout).toMatch(/\ninverted-depthwise\n/);
    expect(stdout).toMatch(
      /\ncomplete: 16 of 16 layers in \d+ s \(2 workers|\ncomplete: 16 of 16 layers in \d+ s \(\d+ worker/,
    );
    for (const line of stdout.split('\n').filter((line) => !line.includes(out)))
      expect(line.length).toBeLessThanOrEqual(80);
    for (const name of ['curve.svg', 'curve.png', 'curve.pdf', 'curve.html', 'curve.vl.json', 'curve.csv']) {
      expect(stdout).toContain(join(out, name));
    }
    expect(readdirSync(out).sort()).toEqual([
      'curve.csv',
      'curve.html',
      'curve.pdf',
      'curve.png',
      'curve.svg',
      'curve.vl.json',
      'ranks.csv',
      'rows.parquet',
      'run.json',
      'summary.csv',
    ]);
  });

  it('lays the published figure over a run with the paper protocol, and prints the error', () => {
    const grid = ['--blocks', 'pointwise', '--activations', 'linear', '--ratios', '1', '--layers', '1'];
    const files = ['--workers', '0', '--formats', 'svg', '--overwrite', '--out', out];
    const marks = () =>
      (readFileSync(join(out, 'curve.vl.json'), 'utf8').match(/"rankRatio":/g) ?? []).length;
    const report = (...flags: string[]) => rankscope(['curve', ...grid, ...files, ...flags]).stdout;
    expect(report()).toMatch(
      /\nerror against the published figure .*\n +points .*\npointwise +1 +0\.000 +0\.000 +\+0\.000\n/,
    );
    expect(marks()).toBeGreaterThan(0);
    expect(report('--no-overlay')).not.toContain('published');
    expect(marks()).toBe(0);
    for (const [flags, isNoted] of [
      [['--protocol', 'standard'], false],
      [['--channels', '8:16'], true],
    ] as const) {
      const said = report(...flags);
      expect(said).not.toContain('error against');
      const note = 'note     not the `fitted` protocol: --overlay draws the published points\n';
      expect(said.includes(note)).toBe(isNoted);
      expect(report(...flags, '--overlay')).toContain('error against the published');
      expect(marks()).toBeGreaterThan(0);
    }
    expect(rankscope(['plot', out, '--formats', 'svg']).status).toBe(0);
    expect(marks()).toBe(0);
  }, 180_000);

  it('takes a protocol by its name, flags in place of its fields, the name in place of a file', () => {
    const run = (...flags: string[]) => {
      const args = ['curve', ...quick, '--formats', 'svg', '--overwrite', '--out', out, ...flags];
      expect(rankscope(args).stderr).toBe('');
      return manifestOf(out).study.protocol;
    };
    const standard = run('--protocol', 'standard', '--samples', '3x');
    expect(standard).toMatchObject({ inputs: 'normal', normalization: 'batch', samples: '3x' });
    const file = join(base, 'named.json');
    writeFileSync(file, JSON.stringify({ protocol: 'standard' }));
    expect(run('--study', file)).toEqual({ ...standard, samples: '4x' });
    expect(run('--study', file, '--protocol', 'paper').normalization).toBe('deviation');
    expect(rankscope(['curve', '--protocol', 'best']).stderr).toContain(
      'unknown protocol: best (allowed: fitted, standard, paper)',
    );
  }, 180_000);

  it('gives the same rows and summary for any number of workers', async () => {
    const workers = ['0', '1', '3'];
    for (const number of workers) {
      const args = [
        'curve',
        ...tiny,
        '--spectra',
        '--formats',
        'svg',
        '--workers',
        number,
        '--out',
        `${out}-${number}`,
      ];
      expect(rankscope(args).status).toBe(0);
    }
    const [none, one, three] = workers.map((number) => `${out}-${number}`) as [string, string, string];
    expect(readFileSync(join(three, 'summary.csv'), 'utf8')).toBe(
      readFileSync(join(none, 'summary.csv'), 'utf8'),
    );
    expect(await rowsOf(three)).toEqual(await rowsOf(none));
    expect(await rowsOf(one)).toEqual(await rowsOf(none));
  });

  it('carries every flag into the manifest', () => {
    const flags = {
      '--samples': '1.5x',
      '--inputs': 'half-normal',
      '--weights': 'kaiming-normal:fan-out',
      '--bias': 'none',
      '--normalization': 'batch',
      '--normalization-scale': 'uniform',
      '--normalization-shift': 'normal:0.5',
      '--spatial': '3',
      '--padding': 'valid',
      '--expansion': '1.5:3',
      '--channel-distribution': 'log-uniform',
      '--seed': '9',
    };
    const rest = [
      '--tap',
      'expand,output',
      '--tolerance',
      'torch:rtol=0.1,atol=0',
      '--tolerance',
      'energy:0.9',
    ];
    const more = [
      '--no-shortcut',
      '--backend',
      'cpu',
      '--engine',
      'ml-matrix',
      '--workers',
      '1',
      '--formats',
      'svg',
    ];
    const { status, stderr } = rankscope([
      'curve',
      ...tiny,
      ...Object.entries(flags).flat(),
      ...rest,
      '--center',
      ...more,
      '--out',
      out,
    ]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(manifestOf(out)).toMatchObject({
      backend: { name: 'cpu' },
      engine: 'ml-matrix',
      workers: 1,
      study: {
        seed: 9,
        layers: 2,
        taps: ['expand', 'output'],
        protocol: {
          samples: '1.5x',
          inputs: 'half-normal',
          weights: 'kaiming-normal:fan-out',
          bias: 'none',
          normalization: 'batch',
          normalizationScale: 'uniform',
          normalizationShift: 'normal:0.5',
          center: true,
          spatial: 3,
          padding: 'valid',
          expansion: '1.5:3',
          channelDistribution: 'log-uniform',
          shortcut: false,
          channels: '8:16',
          tolerances: ['torch:rtol=0.1,atol=0', 'energy:0.9'],
        },
      },
    });
  });

  it('takes a study file, and flags over it; the manifest is one', async () => {
    const file = `${out}.json`;
    writeFileSync(
      file,
      JSON.stringify({
        blocks: ['conv3x3'],
        activations: ['relu'],
        ratios: [0.5],
        layers: 3,
        protocol: { channels: '8:8' },
      }),
    );
    expect(
      rankscope(['curve', '--study', file, '--seed', '4', '--workers', '0', '--formats', 'svg', '--out', out])
        .status,
    ).toBe(0);
    expect(manifestOf(out).study).toMatchObject({
      blocks: ['conv3x3'],
      layers: 3,
      seed: 4,
      protocol: { channels: '8:8' },
    });
    writeFileSync(file, JSON.stringify(manifestOf(out).study));
    expect(
      rankscope(['curve', '--study', file, '--workers', '0', '--formats', 'svg', '--out', `${out}-again`])
        .status,
    ).toBe(0);
    expect(await rowsOf(`${out}-again`)).toEqual(await rowsOf(out));
  });

  it('answers for another tolerance from kept spectra', () => {
    expect(rankscope(['curve', ...quick, '--spectra', '--formats', 'svg', '--out', out]).status).toBe(0);
    const args = [
      'curve',
      '--from',
      out,
      '--tolerance',
      'relative:0.1',
      '--tolerance',
      'srank:0.01',
      '--out',
      `${out}-loose`,
    ];
    const { stdout, status } = rankscope([...args, '--formats', 'svg']);
    expect(status).toBe(0);
    expect(stdout).toContain('pointwise, relative:0.1\n');
    expect(stdout).toContain(`counted from the spectra of ${out}`);
    expect(manifestOf(`${out}-loose`).study.protocol.tolerances).toEqual(['relative:0.1', 'srank:0.01']);
  });

  it("runs activations and inputs of the user's own", async () => {
    const module = join(base, 'mine.mjs');
    writeFileSync(module, 'export const doubled = (x) => x.mul ? x : x;\nexport const other = 3;\n');
    const args = [
      'curve',
      '--blocks',
      'pointwise',
      '--ratios',
      '0.5',
      '--layers',
      '2',
      '--channels',
      '8:8',
      '--formats',
      'svg',
    ];
    const own = [
      '--activations',
      'linear,doubled',
      '--activation-module',
      module,
      '--workers',
      '2',
      '--out',
      out,
    ];
    expect(rankscope([...args, ...own])).toMatchObject({ status: 0, stderr: '' });
    const [doubled, linear] = [(await rowsOf(out)).slice(0, 2), (await rowsOf(out)).slice(2)];
    expect(doubled.map((row) => row.spectrum)).toEqual(linear.map((row) => row.spectrum));
    expect(manifestOf(out).files['activation module']).toMatchObject({
      path: module,
      sha256: /^[0-9a-f]{64}$/,
    });

    const images = join(__dirname, '../../files/fixtures/features.npy'); // 12 samples of 20 features
    const inputs = [
      '--inputs',
      `file:${images}`,
      '--activations',
      'relu',
      '--workers',
      '2',
      '--out',
      `${out}-inputs`,
    ];
    expect(rankscope([...args, ...inputs])).toMatchObject({ status: 0, stderr: '' });
    expect(manifestOf(`${out}-inputs`).files['inputs']).toMatchObject({ path: images });
  });

  it('stops cleanly on Ctrl-C and keeps what is done', async () => {
    const process = startRankscope([
      'curve',
      '--layers',
      '100000',
      '--channels',
      '8:32',
      '--formats',
      'svg',
      '--out',
      out,
    ]);
    let stdout = '';
    let stderr = '';
    process.stdout.on('data', (text) => (stdout += text));
    process.stderr.on('data', (text) => (stderr += text));
    await untilRunning(out);
    process.kill('SIGINT');
    const [code] = (await once(process, 'exit')) as [number];
    expect(code).toBe(130);
    expect(stderr).toContain('stopping: the current layers are finished and kept');
    expect(stdout).toMatch(/\nstopped: \d+ of 32000000 layers/);
    expect(Number(/, (?:\d+ to )?(\d+) layers? per point\n/.exec(stdout)![1])).toBeLessThan(100000);
    const manifest = manifestOf(out);
    expect(manifest.state).toBe('stopped');
    expect((await rowsOf(out)).length).toBe(manifest.layers.done);
    expect(existsSync(join(out, 'curve.svg'))).toBe(true);
    // what a stopped run kept can be drawn again
    expect(rankscope(['plot', out, '--formats', 'svg'])).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('rankscope spectrum and plot', () => {
  it('draw the spectra, and draw a run again', () => {
    expect(rankscope(['spectrum', ...quick, '--formats', 'svg,html', '--out', out])).toMatchObject({
      status: 0,
      stderr: '',
    });
    const names = ['spectrum.svg', 'spectrum.html', 'spectrum.vl.json'];
    for (const name of names) expect(existsSync(join(out, name))).toBe(true);
    const before = readFileSync(join(out, 'spectrum.svg'), 'utf8');
    rmSync(join(out, 'spectrum.svg'));
    const { stdout, status } = rankscope(['plot', out, '--formats', 'svg']);
    expect(status).toBe(0);
    expect(stdout).toContain(`figure   ${join(out, 'spectrum.svg')}\n`);
    expect(stdout).toContain(`figure   ${join(out, 'curve.svg')}\n`);
    expect(readFileSync(join(out, 'spectrum.svg'), 'utf8')).toBe(before);
  });
});

describe('bad input', () => {
  const bad: [string, string[], string][] = [
    [
      'an unknown block',
      ['curve', '--blocks', 'dense'],
      'unknown block: dense (allowed: pointwise, conv3x3, ',
    ],
    [
      'an unknown activation',
      ['curve', '--activations', 'swoosh'],
      'unknown activation: swoosh (allowed: linear, ',
    ],
    ['an unknown tolerance', ['curve', '--tolerance', 'tight'], 'unknown tolerance: tight (allowed: numpy, '],
    ['a malformed range', ['curve', '--ratios', '0.1:1'], 'invalid ratios: 0.1:1 (allowed: '],
    [
      'a ratio outside (0, 1]',
      ['curve', '--ratios', '0.5,1.5'],
      'invalid ratios: 0.5,1.5 (allowed: numbers in (0, 1]',
    ],
    [
      'd_out below 2',
      ['curve', '--channels', '1:8'],
      'invalid channels: 1:8 (allowed: MIN:MAX with whole numbers, 2 <= MIN',
    ],
    [
      'a layer that no memory holds',
      ['curve', '--channels', '300000:300000', '--blocks', 'conv3x3'],
      'invalid size of a layer: 1167297 MiB of memory at once, for conv3x3 at ratio 1 with 300000 output channels',
    ],
    [
      'a spectrum figure without spectra',
      ['spectrum', '--no-spectra'],
      'invalid spectra: false (allowed: true',
    ],
    ['N <= 0', ['curve', '--samples', '0'], 'invalid samples: 0 (allowed: '],
    ['no layers', ['curve', '--layers', '0'], 'invalid layers: 0 (allowed: a whole number >= 1)'],
    [
      'an unknown flag',
      ['curve', '--size', '3'],
      'unknown flag: --size (allowed: see rankscope curve --help)',
    ],
    [
      'flags with letters astray',
      ['curve', '--ratoi', '0.5', '--chanels=8:9'],
      'unknown flags: --ratoi, --chanels (near: --ratio, --channels; allowed: see rankscope curve --help)',
    ],
    ['a flag without its value', ['curve', '--out'], 'missing value: --out (the flag needs one)'],
    [
      'an unknown backend',
      ['curve', '--backend', 'gpu'],
      'unknown backend: gpu (allowed: auto, tfjs-node, wasm, cpu)',
    ],
    ['an unknown engine', ['curve', '--engine', 'gpu'], 'unknown engine: gpu (allowed: auto, '],
    [
      'a bad number of workers',
      ['curve', '--workers', 'two'],
      'invalid workers: two (allowed: a whole number >= 0)',
    ],
    [
      'an unknown format',
      ['curve', '--formats', 'gif'],
      'unknown format: gif (allowed: svg, png, pdf, html)',
    ],
    [
      'a missing study file',
      ['curve', '--study', 'no.json'],
      'missing study file: no.json (no such file or folder)',
    ],
    [
      'a module that does not load',
      ['curve', '--activation-module', 'no.mjs'],
      'invalid activation module: no.mjs ',
    ],
    [
      '--from without a tolerance',
      ['curve', '--from', join(__dirname, '../../../figures/figure-1')],
      'missing tolerance: ',
    ],
    [
      '--from with other flags',
      ['curve', '--from', 'x', '--tolerance', 'numpy', '--seed', '1'],
      'invalid flag: --seed (allowed: only --tolerance',
    ],
    [
      '--from what is no run',
      ['curve', '--from', '/', '--tolerance', 'numpy'],
      'invalid run: / (allowed: a folder with a run.json',
    ],
    ['a plot of what is no run', ['plot', '/'], 'invalid run: / (allowed: a folder with a run.json'],
    [
      'a switch with another value',
      ['curve', '--shortcut=maybe'],
      'invalid shortcut: maybe (allowed: true, false)',
    ],
    ['no file', ['rank'], 'missing file: none given (see rankscope rank --help)'],
    ['no run', ['plot'], 'missing run: none given (see rankscope plot --help)'],
    ['no command', ['--json'], 'missing command: none given (see rankscope --help)'],
    [
      'an unknown command',
      ['curves'],
      'unknown command: curves (near: curve; allowed: curve, spectrum, phase, plot, merge, rank, model, compare, network, design, train, search, latency, completion, help, version)',
    ],
  ];

  const nowhere = join(base, 'refused');
  let refused: ReturnType<typeof rankscopeInTurn>;
  beforeAll(() => {
    refused = rankscopeInTurn(
      bad.map(([, args]) =>
        args[0] === 'curve' && !args.includes('--out') ? [...args, '--out', nowhere] : args,
      ),
    );
  });

  it.each(bad.map(([name, , message], i) => [name, message, i] as const))(
    '%s: one line, exit code 1, nothing written',
    (_, message, i) => {
      const { stdout, stderr, status } = refused[i]!;
      expect(stdout).toBe('');
      expect(stderr.startsWith(`rankscope: ${message}`), stderr).toBe(true);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(status).toBe(1);
      expect(existsSync(nowhere)).toBe(false);
    },
  );

  it('a study file with an unknown key, or that is no JSON', () => {
    const file = `${out}.json`;
    writeFileSync(file, JSON.stringify({ block: ['pointwise'] }));
    expect(rankscope(['curve', '--study', file]).stderr).toMatch(
      /^rankscope: unknown study key: block \(near: blocks; allowed: blocks, .*\) in .*\.json\n$/,
    );
    writeFileSync(file, JSON.stringify({ protocol: { weight: 'normal' } }));
    expect(rankscope(['curve', '--study', file]).stderr).toMatch(
      /^rankscope: unknown protocol key: weight \(near: weights; allowed: weights, .*\) in .*\.json\n$/,
    );
    const earlier = `${out}-earlier`;
    mkdirSync(earlier);
    writeFileSync(join(earlier, 'run.json'), '{}');
    expect(rankscope(['curve', '--resume', earlier]).stderr).toBe(
      `rankscope: invalid argument: ${earlier} (allowed: --out ${earlier} --resume continues that run; only flags: see rankscope curve --help)\n`,
    );
    // the file is named for its own values only
    writeFileSync(file, JSON.stringify({ layers: -1, activations: ['rely'] }));
    const says = (...flags: string[]) => rankscope(['curve', '--study', file, ...flags]).stderr;
    expect(says()).toMatch(/^rankscope: invalid layers: -1 \(allowed: .*\) in .*\.json\n$/);
    expect(says('--layers', '2')).toMatch(/^rankscope: unknown activation: rely \(.*\) in .*\.json\n$/);
    expect(says('--layers', '0')).toMatch(/^rankscope: invalid layers: 0 \(.*\)\n$/);
    writeFileSync(file, '{"blocks":');
    expect(rankscope(['curve', '--study', file]).stderr).toMatch(
      /^rankscope: invalid study file: .* \(allowed: JSON; /,
    );
    writeFileSync(file, '[1]');
    expect(rankscope(['curve', '--study', file]).stderr).toMatch(
      /^rankscope: invalid study file: .* a JSON object/,
    );
  });

  it('an output folder that holds another run, or that cannot be written', () => {
    const args = [
      'curve',
      '--blocks',
      'pointwise',
      '--activations',
      'relu',
      '--ratios',
      '1',
      '--layers',
      '1',
      '--channels',
      '8:8',
      '--workers',
      '0',
    ];
    expect(rankscope([...args, '--formats', 'svg', '--out', out]).status).toBe(0);
    const { stderr, status } = rankscope([...args, '--out', out]);
    expect({ stderr, status }).toEqual({
      stderr: `rankscope: invalid output folder: ${out} (allowed: a new or empty folder, or --overwrite; this one holds another run)\n`,
      status: 1,
    });
    expect(rankscope([...args, '--overwrite', '--formats', 'svg', '--out', out]).status).toBe(0);
    writeFileSync(`${out}-file`, '');
    expect(rankscope([...args, '--out', join(`${out}-file`, 'below')]).stderr).toMatch(
      /^rankscope: invalid output folder: .* \(allowed: a folder that can be written; a part of the path is a file, not a folder\)\n$/,
    );
  });
});

/** Waits until a run's first layers are under way. */
async function untilRunning(folder: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!existsSync(join(folder, 'rows'))) {
    if (Date.now() > deadline) throw new Error('the run did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await new Promise((resolve) => setTimeout(resolve, 2000));
}
