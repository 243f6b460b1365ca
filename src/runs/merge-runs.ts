import { mergeParts, type MergeOptions } from '../store/merge-parts.js';
import type { Run } from './run-study.js';
import { studyRun } from './study-run.js';

/**
 * Joins the parts of a study, measured by `runStudy` with `shard`, to one run in a new folder. Its rows and summary are
 * those of a run that measured the whole study. The parts are not changed.
 *
 * @param folders of complete runs, in any order
 * @throws RangeError if a folder holds no complete run, the runs have different studies or circumstances that could
 * change rows, a part is missing or given twice, a table lacks rows of its part, or the folder is not available
 * @example
 * await mergeRuns(['runs/a', 'runs/b'], { out: 'runs/whole' });
 */
export async function mergeRuns(folders: readonly string[], options: MergeOptions): Promise<Run> {
  return (await mergeParts(studyRun, folders, options)) as Run;
}
