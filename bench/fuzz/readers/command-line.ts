import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { resolveStudy } from '../../../src/index.js';
import { networkFromJson, saveNetwork, drawParameters } from '../../../src/networks.js';
import { loadActivations } from '../../../src/study/load-activations.js';
import { resolveStudyOptions } from '../../../src/cli/options/study-options.js';
import { type Input, inputOf, readFolder } from '../input.js';
import { Complaint, type Reader, type Seed, WrongAnswer } from '../reader.js';
import { rewriteJsonFiles } from './networks.js';
import { runFiles, study } from './runs.js';

/** The built program, as a person runs it. */
const program = pathToFileURL(join(__dirname, '../../../dist/cli/main.js')).href;

const tiny = {
  name: 'tiny',
  resolution: 8,
  stem: { channels: 4 },
  blocks: [{ channels: 4 }],
  head: { classes: 2 },
};

const small = '--blocks pointwise --activations relu,silu --ratios 0.5,1 --layers 2 --channels 4:8';
const rest = '--workers 0 --out out --formats svg';
const own =
  '--blocks pointwise,inverted-depthwise --activations relu,silu --ratios 0.5,1 --layers 2 --tap expand,output';

const commandLines = [
  'rank matrix.csv --tolerance numpy --json',
  'rank matrix.csv --tolerance relative:0.1,absolute:0.5 --tolerance torch:rtol=0.1 --spectrum --engine wasm',
  'rank -',
  `curve ${small} ${rest}`,
  `curve ${small} ${rest} --weights xavier-normal --bias none --inputs uniform:1 --normalization running:0.5`,
  `curve ${small} ${rest} --samples d_out+1 --expansion 2 --spatial 3 --padding same --no-metrics --seed 3 --spectra`,
  `curve --study study.json ${rest} --layers 1 --shard 1/2 --part-seconds 0 --backend cpu --engine ml-matrix`,
  `curve ${small} ${rest} --activation-module acts.mjs --activations square --protocol standard`,
  'curve --from run --tolerance relative:0.01 --out out --formats svg --no-overlay',
  `curve ${own} --spectra --channels 4:8 --tolerance numpy,relative:0.1 --workers 0 --out cut --resume --formats svg`,
  `spectrum ${small} ${rest}`,
  'plot run --formats svg --overlay',
  'plot run cut --labels a,b --layout overlaid --out out --formats svg',
  'merge run --out out --formats svg --overwrite',
  'network tiny.json --json',
  'network cifar:8-8-16 --by-block --elementwise',
  'network rexnet-0.5 --resolution 64 --classes 10 --csv',
  'network mobilenet-v2-1.0 --description',
  'network tiny.json --rank --images 2 --taps expand,output --tolerance relative:0.01 --seed 1 --batch 1 --json',
  'network tiny.json --rank --images 1 --inputs photos --skip-broken --weights model --csv',
  'network tiny.json --rank --images 1 --out out --formats svg',
  'design --blocks 4 --params 0.2M --macs 30M --like cifar --shape piecewise --knots 2,3 --within 10% --at-most',
  'design --blocks 5 --params 0.2M --sample 3 --seed 1 --out out.json --like cifar --csv',
  'design --like tiny.json --blocks 3 --params 5K --within 10% --json',
  'latency tiny.json --runs 1 --warm-up 0 --batch 1 --backend cpu --json',
  '--help',
  '--version',
].map((line) => line.split(' '));

const photo = readFileSync(join(__dirname, '../../../test/images/fixtures/colour.png'));

/** Returns a folder with something for every command: the working directory of all command lines. */
async function commonFiles(): Promise<Input['files']> {
  const network = networkFromJson(tiny);
  await saveNetwork('model', network, drawParameters(network));
  const { whole, cut } = await runFiles();
  const own = inputOf({
    'matrix.csv': '1,2,3\n4,5,6\n',
    'tiny.json': JSON.stringify(tiny),
    'study.json': JSON.stringify(study),
    'acts.mjs': 'export const square = (x) => x;\n',
    'photos/a.png': Uint8Array.from(photo),
  });
  return new Map([...own.files, ...(await readFolder('.', 'model')), ...whole, ...cut]);
}

let made: Promise<Input['files']> | undefined;

async function seedsLike(fits: (words: readonly string[]) => boolean): Promise<Seed[]> {
  const files = await (made ??= commonFiles());
  return commandLines.filter(fits).map((words) => ({ input: { files, words }, answer: null }));
}

/** A person's Ctrl-C, that studies which were made long come to an end. */
const PATIENCE = 300;

class Exit extends Error {}

let count = 0;

/** Runs the program in this process and checks how it ends. It may end in an answer, or in a complaint of one line. */
async function runProgram(words: readonly string[]): Promise<null> {
  const said = { stdout: '', stderr: '' };
  let status: number | undefined;
  const { argv, exit } = process;
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin')!;
  const writers = [process.stdout, process.stderr].map((stream) => [stream, stream.write] as const);
  for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = ((text: string | Uint8Array) => {
      if (status === undefined) said[name] += String(text);
      return true;
    }) as typeof process.stdout.write;
  }
  process.exit = ((code?: number) => {
    status ??= code ?? Number(process.exitCode ?? 0);
    throw new Exit();
  }) as typeof process.exit;
  Object.defineProperty(process, 'stdin', {
    value: Readable.from([Buffer.from('1,2\n3,4\n')]),
    configurable: true,
  });
  process.argv = [argv[0]!, 'rankscope', ...words];
  process.exitCode = undefined;
  const clock = setTimeout(() => process.emit('SIGINT', 'SIGINT'), PATIENCE);
  try {
    await import(`${program}?${++count}`);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
  } finally {
    clearTimeout(clock);
    for (const [stream, write] of writers) stream.write = write;
    Object.defineProperty(process, 'stdin', stdin);
    Object.assign(process, { argv, exit });
  }
  return judged(said, status ?? Number(process.exitCode ?? 0));
}

function judged({ stdout, stderr }: { stdout: string; stderr: string }, status: number): null {
  process.exitCode = undefined;
  if (status === 0 || status === 130) {
    const odd = /\b(NaN|undefined|\[object \w+\])/.exec(stdout);
    if (odd)
      throw new WrongAnswer(
        `prints ${odd[0]}: ${stdout.slice(Math.max(0, odd.index - 200), odd.index + 20)}`,
      );
    return null;
  }
  const lines = stderr.split('\n').filter((line) => line !== '');
  const complaint = lines.at(-1)?.replace(/^rankscope: /, '') ?? '';
  if (stdout !== '') throw new WrongAnswer(`prints and then fails: ${complaint}`);
  if (!lines.every((line) => /^(rankscope: |stopping: )/.test(line)))
    throw new WrongAnswer(`complains in other lines than its own: ${stderr.slice(0, 2000)}`);
  throw new Complaint(complaint);
}

/** Words may name what they change. */
const mayChange = (path: string, words: readonly string[]) =>
  words.some((word) => /^cut\b/.test(word)) && path.startsWith('cut/')
    ? true
    : words.some((word) => path === word || word.endsWith(`=${path}`)) ||
      (words.some((word) => word.startsWith('--overwrite')) &&
        words.some((word) => path.startsWith(`${word}/`)));

const commands = ['rank', 'curve', 'network', 'design'] as const;

/** Readers of command lines and of the files that only they read. */
export const commandReaders: readonly Reader[] = [
  ...commands.map((name) => ({
    name: `cli-${name}`,
    seeds: () => seedsLike(([command]) => command === name),
    read: runProgram,
    named: false,
    mayChange,
  })),
  {
    name: 'cli-others',
    seeds: () => seedsLike(([command]) => !commands.some((name) => name === command)),
    read: runProgram,
    named: false,
    mayChange,
  },
  {
    name: 'study-json',
    seeds: () => [
      { input: inputOf({ 'study.json': JSON.stringify(study) }) },
      { input: inputOf({ 'study.json': JSON.stringify(resolveStudy(study)) }) },
      { input: inputOf({ 'study.json': JSON.stringify({ format: 1, study: resolveStudy(study) }) }) },
    ],
    read: async () => JSON.stringify(await resolveStudyOptions({ study: 'study.json' }, {}, [])),
    rewrite: rewriteJsonFiles,
    named: false,
  },
  {
    name: 'activation-module',
    seeds: () =>
      [
        'export const square = (x) => x.square();\nexport function cube(x) { return x.mul(x).mul(x); }\n',
        'const f = (x) => x;\nexport { f as constructor, f as "__proto__", f as relu, f as "激活", f as "a,b" };\n',
      ].map((text) => ({ input: inputOf({ 'acts.mjs': text }) })),
    read: async () => {
      const own = Object.keys(await loadActivations('acts.mjs'));
      return resolveStudy({ activations: [own[0]!] }, own).activations;
    },
    quotes: true,
  },
];
