import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rankscope } from '../cli/rankscope.js';
import { codeBlocks, runLong, withGaps } from './code-blocks.js';

/** The prompt and command that a block's commands start with. */
const prompt = '$ npx rankscope ';
const features = join(__dirname, 'fixtures/features.npy');
const models = join(__dirname, '../features/fixtures');
const python = process.env.PYTHON ?? '/usr/bin/python3';

const base = mkdtempSync(join(tmpdir(), 'rankscope-documents-'));
afterAll(() => {
  rmSync(base, { recursive: true });
});

/** Makes a folder as a reader has it: rankscope is installed, the features are saved. */
function readersFolder(name: string): string {
  const folder = join(base, name);
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(join(__dirname, '../..'), join(folder, 'node_modules/rankscope'), 'dir');
  copyFileSync(features, join(folder, 'features.npy'));
  copyFileSync(join(models, 'net.onnx'), join(folder, 'net.onnx'));
  copyFileSync(join(models, 'images-nchw.npy'), join(folder, 'images.npy'));
  return folder;
}

/** Replaces what differs from machine to machine: times, workers, backends, folders and latencies. */
function masked(line: string, folder: string): string {
  return line
    .replaceAll(`${folder}/`, '')
    .replace(/\d{8}-\d{6}/, 'DATE-TIME')
    .replace(/\bin [\d.]+ (s|min|h)\b( \d+ (s|min)\b)?/, 'in TIME')
    .replace(/\((\d+ workers?|no workers),/, '(WORKERS,')
    .replace(/\b[\w-]+ backend\b/, 'BACKEND')
    .replace(/ +[\d.]+ +[\d.]+ to [\d.]+$/, ' LATENCY')
    .replace(/^(network +pixels +top-1 +MACs \(M\)) +ms +quartiles$/, '$1 ms quartiles')
    .trimEnd();
}

// layers on another tensor backend differ by rounding, which a rank close to its threshold shows
let native = true;
try {
  createRequire(__filename).resolve('@tensorflow/tfjs-node');
} catch {
  native = false;
}

/** Returns what a command prints, but for notes and progress: results, and the error of one that is refused. */
function printedBy(command: string, folder: string, refused: boolean): string[] {
  const [line, input] = command.split(' < ');
  const args = line!.slice(prompt.length).split(/ +/);
  if (native && ['curve', 'spectrum'].includes(args[0]!) && !args.includes('--predict'))
    args.push('--backend', 'wasm');
  const { stdout, stderr, status } = rankscope(args, {
    cwd: folder,
    ...(input === undefined ? {} : { input: readFileSync(join(folder, input)) }),
  });
  expect(status, stderr).toBe(refused ? 1 : 0);
  // where a longer time breaks this line
  const text = (refused ? stdout + stderr : stdout).replace(/^(complete: .*)\n\(/m, '$1 (');
  return text
    .trimEnd()
    .split('\n')
    .map((printed) => masked(printed, folder));
}

/** Splits a block into commands, whole even where they are continued, and the lines printed under each. */
function commandsOf(lines: readonly string[]) {
  const commands: { command: string; documented: string[] }[] = [];
  let continued = false;
  for (const line of lines) {
    const last = commands.at(-1);
    if (line.startsWith('$ ')) commands.push({ command: line, documented: [] });
    else if (continued) last!.command = `${last!.command.slice(0, -1)} ${line.trim()}`;
    else last!.documented.push(line);
    continued = commands.at(-1)!.command.endsWith('\\');
  }
  return commands;
}

describe.each(['README.md', 'docs/commands.md'])('the commands of %s print what it says', (document) => {
  const folder = readersFolder(document);
  const blocks = codeBlocks(document);
  // each module that the document shows is saved under the name in its first line
  for (const { language, lines } of blocks)
    if (language === 'js') writeFileSync(join(folder, lines[0]!.slice('// '.length)), lines.join('\n'));

  for (const { language, lines, line, takesLong } of blocks) {
    if (language !== 'console') continue;
    const timeout = takesLong ? 1_200_000 : 120_000;
    it.skipIf(takesLong && !runLong)(`line ${line}: ${lines[0]}`, { timeout }, () => {
      for (const { command, documented } of commandsOf(lines)) {
        const said = documented.map((text) => masked(text, folder));
        const refused = said.some((text) => text.startsWith('rankscope: '));
        expect(withGaps(printedBy(command, folder, refused), said), command).toEqual(said);
      }
    });
  }

  const numpy = spawnSync(python, ['-c', 'import numpy']).status === 0;
  it.skipIf(!numpy)('its Python lines give the features', () => {
    const lines = blocks.find(({ language }) => language === 'py')!.lines;
    const made = mkdtempSync(join(folder, 'python-'));
    const { stderr, status } = spawnSync(python, ['-c', ['import numpy as np', ...lines].join('\n')], {
      cwd: made,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    expect(readFileSync(join(made, 'features.npy')).equals(readFileSync(features))).toBe(true);
  });
});
