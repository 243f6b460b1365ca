import { checkOptions } from '../fields.js';
import { mergeParts, type MergeOptions } from '../store/merge-parts.js';
import type { Run } from './run-study.js';
import { studyRun } from './study-run.js';

/**
 * Joins the parts of a study, as `runStudy` with `shard` measures them, to one run in a folder of its own: with the
 * rows and the summary of a run that measured all of it. The parts stay as they are.
 *
 * @param folders of complete runs, in any order
 * @throws RangeError if a folder holds no complete run, the runs are of different studies or their rows could
 * differ from one run's, a part is missing or there twice, a table has not the rows of its part, or the folder
 * cannot be had
 * @example
 * await mergeRuns(['runs/a', 'runs/b'], { out: 'runs/whole' });
 */
export async function mergeRuns(folders: readonly string[], options: MergeOptions): Promise<Run> {
  checkOptions(options, ['out', 'overwrite', 'signal']);
  return (await mergeParts(studyRun, folders, options)) as Run;
}
