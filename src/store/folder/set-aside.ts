import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileChecksum } from './checksum.js';
import { syncFolder } from './durable.js';
import type { RunManifest } from '../manifest.js';
import { damaged, partChecksum, partPaths, wholePath } from '../rows/row-files.js';

/**
 * Moves the damaged files of a run's rows aside, so that a run that is continued measures their tasks again. They
 * stay until it is complete.
 * @param unit what the tasks are
 * @param say called with a message for each
 */
export async function setDamagedAside(
  folder: string,
  { sha256 }: RunManifest,
  unit: string,
  say: (message: string) => void,
): Promise<void> {
  const whole = wholePath(folder);
  const files = (await partPaths(folder)).map((path) => ({ path, expected: partChecksum(path) }));
  if (existsSync(whole)) files.push({ path: whole, expected: sha256['rows.parquet'] });
  for (const { path, expected } of files) {
    if (expected === undefined || (await fileChecksum(path)) === expected) continue;
    await rename(path, damaged(path));
    await syncFolder(dirname(path));
    say(`damaged: ${path} (its bytes have changed; its ${unit}s are measured again)`);
  }
}
