import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { invalid } from '../errors.js';
import { readOptions, strict } from '../schema.js';
import { recount } from '../study/measure-layer.js';
import { parseTolerances } from '../rank/tolerance.js';
import { folderOptions } from '../store/execute-run.js';
import { claimFolder } from '../store/folder/claim-folder.js';
import { recordRun } from '../store/record-run.js';
import { readDoneTasks } from '../store/rows/done-tasks.js';
import { checkedSource, rowsOfSource } from '../store/rows/row-files.js';
import { readShard, taskCount } from '../store/shard.js';
import type { LayerRow } from '../study/layer-row.js';
import { resolveStudy, tapsAt } from '../study/study.js';
import type { Run, RunOptions } from './run-study.js';
import { readManifest, studyRun, studyTasks } from './study-run.js';

const { out, overwrite, onProgress, signal } = folderOptions;
const recountOptions = strict({ out, overwrite, onProgress, signal });

/**
 * Returns a new run that recounts the ranks of an earlier run at other tolerances from its saved spectra. No layer is
 * drawn again; the rows are otherwise the same.
 *
 * @param folder of a run whose study has `spectra: true`
 * @throws RangeError if the run has no spectra or is damaged, or for an invalid tolerance
 * @example
 * await recountRun('runs/first', ['relative:0.01'], { out: 'runs/first-loose' });
 */
export async function recountRun(
  folder: string,
  tolerances: readonly string[],
  options: Pick<RunOptions, 'out' | 'overwrite' | 'onProgress' | 'signal'>,
): Promise<Run> {
  readOptions(recountOptions, options);
  const { study, shard, state, files, backend, engine } = await readManifest(folder);
  const target = await realpath(options.out).catch(() => undefined);
  if (target === (await realpath(folder))) {
    throw invalid('output folder', options.out, 'another folder than that of the run that is counted again');
  }
  if (!study.spectra) {
    throw invalid(
      'run',
      folder,
      'a run with kept spectra (--spectra) can be counted at another tolerance; this one has none',
    );
  }
  const recounted = resolveStudy(
    { ...study, protocol: { ...study.protocol, tolerances } },
    study.activations,
  );
  const lastTap = new Map(recounted.blocks.map((block) => [block, tapsAt(recounted, block).at(-1)]));
  const rules = parseTolerances(recounted.protocol.tolerances);
  const list = studyTasks(study);
  const source = await checkedSource(studyRun, folder);
  const tasks =
    state === 'complete'
      ? taskCount(list, readShard(shard, list))
      : (await readDoneTasks(studyRun, folder, study)).count;
  const start = {
    spec: recounted,
    shard,
    total: tasks * study.activations.length,
    kept: 0,
    from: resolve(folder),
    files,
    workers: 0,
    backend,
    engine,
  };
  const claim = await claimFolder(options.out, studyRun, options.overwrite);
  try {
    await claim.begin();
    const run = await recordRun(studyRun, claim, start, options, async (add) => {
      for await (const rows of rowsOfSource<LayerRow>(studyRun, source)) {
        if (options.signal?.aborted) return;
        const counted = rows.map((row) => ({ ...row, ranks: recount(row, rules) }));
        const lasts = rows.filter(({ block, tap }) => tap === lastTap.get(block)).length;
        await add(counted, lasts);
      }
    });
    return run as Run;
  } finally {
    await claim.release();
  }
}
