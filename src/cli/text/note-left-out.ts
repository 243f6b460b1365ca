/** Writes a note on standard error about the files in a folder that were not read. */
export function noteLeftOut(path: string | undefined, leftOut: string | null | undefined): void {
  if (leftOut) process.stderr.write(`rankscope: not read in ${path}: ${leftOut}\n`);
}
