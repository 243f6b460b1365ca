/** A kind of run. Only a run of the same kind is ever replaced by another, and of it only these files. */
export interface RunKind {
  /** As `run.json` has it. */
  readonly name: string;
  /** Matches the names of all files and folders that a run of this kind may have written. */
  readonly files: RegExp;
}

/** What `runStudy`, `recountRun` and `mergeRuns` write. */
export const studyRun = runKind('study', [
  'run\\.json\\.reserve',
  'rows',
  'rows\\.(parquet|sorting|spill)',
  'rows\\.parquet\\.damaged',
  '(ranks|summary)\\.csv',
  figureFiles('curve|spectrum'),
]);

/** What `rankscope network --rank --out` writes. */
export const depthRun = runKind('depth', ['rows\\.csv', figureFiles('depth')]);

/** What `rankscope latency` writes. */
export const latencyRun = runKind('latency', ['latency\\.json', figureFiles('latency')]);

/**
 * Returns a kind of run whose files have these names, as regular expressions. Every run has a manifest and a lock, and
 * any file may be there under the name that it has while it is written.
 */
function runKind(name: string, files: readonly string[]): RunKind {
  const all = ['run\\.json(\\.overwritten)?', 'run\\.lock', ...files].join('|');
  return { name, files: new RegExp(`^(${all})(\\.[0-9a-f]{8}\\.tmp|\\.unfinished)?(\\.wal)?$`) };
}

/** What `writeFigure` writes for figures of these names. */
function figureFiles(names: string): string {
  return `(${names})(\\.(svg|png|pdf|html|vl\\.json|csv)|-[a-z]+\\.csv)`;
}
