import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The built program, as a user runs it; `npm test` builds it first. */
const program = join(__dirname, '../../dist/cli/main.js');

/** Runs `rankscope ARGS` to its end. */
export function rankscope(
  args: readonly string[],
  options: { input?: string | Uint8Array; cwd?: string; env?: NodeJS.ProcessEnv } = {},
) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], {
    input: '',
    encoding: 'utf8',
    ...options,
  });
  return { stdout, stderr, status };
}

/** Starts `rankscope ARGS` and returns the process, whose output is read by the caller. */
export function startRankscope(args: readonly string[], options: { env?: NodeJS.ProcessEnv } = {}) {
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
}
