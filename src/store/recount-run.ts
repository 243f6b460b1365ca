import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { invalid } from '../errors.js';
import { recount } from '../study/measure-layer.js';
import { readShard, taskCount } from '../study/shard.js';
import { resolveStudy, tapsAt } from '../study/study.js';
import { checkRunOptions } from './check-run-options.js';
import { claimFolder } from './folder/claim-folder.js';
import { readDoneTasks } from './rows/done-tasks.js';
import { readManifest } from './manifest.js';
import { checkedSource, rowsOfSource } from './rows/row-files.js';
import { recordRun, type Run } from './record-run.js';
import { studyRun } from './folder/run-kinds.js';
import type { RunOptions } from './run-study.js';

/**
 * Returns a new run that counts the ranks of an earlier one at other tolerances, from its kept spectra: no layer
 * is drawn again. The rows are otherwise the same.
 *
 * @param folder of a run whose study has `spectra: true`
 * @throws RangeError if the run kept no spectra or is damaged, or a tolerance is not allowed
 * @example
 * await recountRun('runs/first', ['relative:0.01'], { out: 'runs/first-loose' });
 */
export async function recountRun(
  folder: string,
  tolerances: readonly string[],
  options: Pick<RunOptions, 'out' | 'overwrite' | 'onProgress' | 'signal'>,
): Promise<Run> {
  checkRunOptions(options, ['out', 'overwrite', 'onProgress', 'signal']);
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
  const part = shard === null ? null : readShard(shard, study);
  const source = await checkedSource(folder);
  const tasks = state === 'complete' ? taskCount(study, part) : (await readDoneTasks(folder, study)).count;
  const start = {
    study: recounted,
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
    return await recordRun(claim, start, options, async (add) => {
      for await (const rows of rowsOfSource(source)) {
        if (options.signal?.aborted) return;
        const { tolerances: rules } = recounted.protocol;
        const counted = rows.map((row) => ({ ...row, ranks: recount(row, rules) }));
        const lasts = rows.filter(({ block, tap }) => tap === lastTap.get(block)).length;
        await add(counted, lasts);
      }
    });
  } finally {
    await claim.release();
  }
}
