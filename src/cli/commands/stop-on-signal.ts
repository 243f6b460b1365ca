import { constants } from 'node:os';

/** Signals that request a stop: Ctrl-C, `kill`, a closed terminal, and Ctrl-Break on Windows. */
const SIGNALS: readonly NodeJS.Signals[] = [
  ...(['SIGINT', 'SIGTERM', 'SIGHUP'] as const),
  ...(process.platform === 'win32' ? (['SIGBREAK'] as const) : []),
];

/** The user's request to stop a long command. */
export interface Stop {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** 128 plus the number of the first signal, as in a shell; undefined before any signal. */
  readonly exitCode: number | undefined;
  /** Returns signal handling to Node. */
  release(): void;
}

/**
 * Aborts on the first signal that requests a stop; a second one quits at once. Finished work is kept. @param kept
 * message about the work that is kept, or what returns it at the time
 */
export function stopOnSignal(
  kept: string | (() => string) = 'the current layers are finished and kept',
): Stop {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const stop = (name: NodeJS.Signals) => {
    const code = 128 + constants.signals[name];
    if (exitCode !== undefined) {
      if (process.stderr.isTTY) process.stderr.write('\u001B[?25h'); // a progress bar hides the cursor
      process.exit(code);
    }
    exitCode = code;
    const message = typeof kept === 'string' ? kept : kept();
    process.stderr.write(`\nstopping: ${message} (again to quit at once)\n`);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, stop);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    release: () => {
      for (const name of SIGNALS) process.off(name, stop);
    },
  };
}
