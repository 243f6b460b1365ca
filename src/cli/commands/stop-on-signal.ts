import { constants } from 'node:os';

/** Signals that ask for an end: Ctrl-C, `kill`, a terminal that is closed, and on Windows also Ctrl-Break. */
const SIGNALS: readonly NodeJS.Signals[] = [
  ...(['SIGINT', 'SIGTERM', 'SIGHUP'] as const),
  ...(process.platform === 'win32' ? (['SIGBREAK'] as const) : []),
];

/** What a long command hears of the user's wish to stop. */
export interface Stop {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** 128 and the number of the first signal, as a shell has it; undefined as long as there was none. */
  readonly exitCode: number | undefined;
  /** Leaves signals to Node again. */
  release(): void;
}

/**
 * Aborts on the first signal that asks for an end, so that what is done is kept; a second one quits at once.
 * @param kept says what is kept
 */
export function stopOnSignal(kept = 'the layers under way are finished and kept'): Stop {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const stop = (name: NodeJS.Signals) => {
    const code = 128 + constants.signals[name];
    if (exitCode !== undefined) {
      if (process.stderr.isTTY) process.stderr.write('\u001B[?25h'); // a progress bar hides the cursor
      process.exit(code);
    }
    exitCode = code;
    process.stderr.write(`\nstopping: ${kept} (again to quit at once)\n`);
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
