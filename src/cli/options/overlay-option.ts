import type { Argv } from 'yargs';

/** Adds `--overlay` and `--no-overlay` to a command that draws curves. */
export function addOverlayOption<T>(yargs: Argv<T>) {
  return yargs.option('overlay', {
    type: 'boolean',
    describe: "Draw the published figure's points over the curves, and print the error",
    defaultDescription: 'where the protocol is `paper`',
  });
}
