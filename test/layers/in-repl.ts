import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** Types lines into a REPL of this Node, each after the answer to the one before. Returns all it prints. */
export function inRepl(args: readonly string[], lines: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, FORCE_COLOR: '0' } });
  const open = [...lines];
  let printed = '';
  let answered = 0;
  child.stdout.on('data', (data: Buffer) => {
    printed += data;
    if (!printed.slice(answered).endsWith('> ')) return;
    answered = printed.length;
    const line = open.shift();
    if (line === undefined) child.stdin.end();
    else child.stdin.write(`${line}\n`);
  });
  child.stderr.on('data', (data: Buffer) => (printed += data));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(`${printed}exit ${code}`));
  });
}
