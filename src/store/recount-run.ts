import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { invalid } from '../errors.js';
import { recount } from '../study/measure-layer.js';
import { resolveStudy, tapsAt } from '../study/study.js';
import { readManifest } from './manifest.js';
import { readRows } from './row-files.js';
import { record, type Run, type RunOptions } from './run-study.js';

/**
 * Returns a new run that counts the ranks of an earlier one at other tolerances, from its kept spectra: no layer
 * is drawn again. The rows are otherwise the same.
 *
 * @param folder of a run whose study has `spectra: true`
 * @throws RangeError if the run kept no spectra, or a tolerance is not allowed
 * @example
 * await recountRun('runs/first', ['relative:0.01'], { out: 'runs/first-loose' });
 */
export async function recountRun(
  folder: string,
  tolerances: readonly string[],
  options: Pick<RunOptions, 'out' | 'overwrite' | 'onProgress' | 'signal'>,
): Promise<Run> {
  const { study, layers, files, backend, engine } = await readManifest(folder);
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
  const start = {
    study: recounted,
    total: layers.done,
    from: resolve(folder),
    files,
    workers: 0,
    backend,
    engine,
  };
  const lastTap = new Map(recounted.blocks.map((block) => [block, tapsAt(recounted, block).at(-1)]));
  return record(options, start, async (writer, onLayers) => {
    for await (const rows of readRows(folder)) {
      if (options.signal?.aborted) return;
      const { tolerances: rules } = recounted.protocol;
      await writer.add(rows.map((row) => ({ ...row, ranks: recount(row, rules) })));
      onLayers(rows.filter(({ block, tap }) => tap === lastTap.get(block)).length);
    }
  });
}
