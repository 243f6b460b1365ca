import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import { inRepl } from '../layers/in-repl.js';
import { codeBlocks, withGaps } from './code-blocks.js';

const { resolve } = createRequire(__filename);
const tsx = resolve('tsx/cli');
const tsNode = resolve('ts-node/dist/bin.js');

const folder = mkdtempSync(join(tmpdir(), 'rankscope-library-'));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(join(__dirname, '../..'), join(folder, 'node_modules/rankscope'), 'dir');
copyFileSync(join(__dirname, 'fixtures/features.npy'), join(folder, 'features.npy'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const documents = ['README.md', 'docs/library.md'];
const blocks = documents.flatMap((document) => codeBlocks(document).map((block) => ({ document, ...block })));
const scripts = blocks.filter(({ language }) => language === 'ts');
const sessions = blocks.filter(({ document, language, lines }) => {
  return document === 'docs/library.md' && language === 'console' && lines[0] === '$ npx ts-node';
});

/** Returns what the comments after `console.log(...);` say is printed, `...` for more lines of the same. */
function documentedBy(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, printed] = /\bconsole\.log\(.*\); \/\/ (.*)$/.exec(line) ?? [];
    if (printed === undefined) return [];
    return printed.endsWith(', ...') ? [printed.slice(0, -', ...'.length), '...'] : [printed];
  });
}

async function run(args: readonly string[]) {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<number | null>((done) => child.on('close', done));
  return { stdout: await text(child.stdout), stderr: await text(child.stderr), status: await exit };
}

it.concurrent.each(scripts)('$document line $line prints what its comments say', async ({ line, lines }) => {
  const documented = documentedBy(lines);
  expect(documented.length).toBeGreaterThan(0);
  const file = join(folder, `line-${line}.mts`);
  writeFileSync(file, lines.join('\n'));
  const { stdout, stderr, status } = await run([tsx, file]);
  expect(status, stderr).toBe(0);
  expect(withGaps(stdout.trimEnd().split('\n'), documented)).toEqual(documented);
});

it.concurrent.each(sessions)('$document line $line is a session of ts-node', async ({ lines }) => {
  const [, ...shown] = lines;
  const typed = shown.filter((line) => line.startsWith('> ')).map((line) => line.slice('> '.length));
  const printed = await inRepl([tsNode, '-i'], typed);
  // what is typed into a pipe is not echoed: an answer follows the prompt
  const answers = printed
    .replaceAll('> ', '')
    .split('\n')
    .filter((line) => line !== '' && line !== 'undefined' && !line.startsWith('exit'));
  expect(answers).toEqual(shown.filter((line) => !line.startsWith('> ')));
});

it('finds the scripts and the session', () => {
  expect(scripts.length).toBeGreaterThanOrEqual(5);
  expect(sessions).toHaveLength(1);
});
