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

type CommandResult = ReturnType<typeof rankscope>;

/** Runs the program for each command line in turn, in one process: for many that are refused. */
export function rankscopeInTurn(commandLines: readonly (readonly string[])[]): CommandResult[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(__dirname, 'in-turn.mjs'), program], {
    input: JSON.stringify(commandLines),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as CommandResult[];
}

/** Starts `rankscope ARGS` and returns the process, whose output is read by the caller. */
export function startRankscope(args: readonly string[], options: { env?: NodeJS.ProcessEnv } = {}) {
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
}
