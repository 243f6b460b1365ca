import { parseArgs } from 'node:util';

/** Returns the number of layers asked for on the command line: `--layers N`, else the experiment's own. */
export function layersArgument(own: number): number {
  const { values, positionals } = parseArgs({
    options: { layers: { type: 'string' } },
    allowPositionals: true,
  });
  const given = values.layers ?? positionals[0];
  return given === undefined ? own : Number(given);
}
