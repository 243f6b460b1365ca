import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { invalid } from '../errors.js';
import { reasonOf } from '../files/reason.js';
import { makeFolder } from '../files/make-folder.js';
import { isTemporary, syncFolder } from './durable.js';
import { lockFolder } from './folder-lock.js';
import { readManifest, type Manifest } from './manifest.js';

/** A run's folder while this process works in it. */
export interface Claim {
  readonly folder: string;
  /** The manifest of the run that is continued; null for a new one. */
  readonly earlier: Manifest | null;
  release(): Promise<void>;
}

/** What a run may have written; only this is removed when a run is overwritten. */
const runFiles =
  /^(run\.json|run\.json\.(reserve|overwritten)|run\.lock|rows|rows\.(parquet|sorting|spill)|summary\.csv|(curve|spectrum)([-.].*)?)(\.[0-9a-f]{8}\.tmp|\.unfinished)?(\.wal)?$/;

/**
 * Makes the folder ready for a new run.
 * @throws RangeError if it holds another run (unless `overwrite`) or anything else, cannot be written, or another
 * process is at work in it
 */
export async function claimFolder(folder: string, overwrite = false): Promise<Claim> {
  return claim(folder, async (names) => {
    refuseForeign(folder, names);
    const left = names.some((name) => !isTemporary(name) || name === OVERWRITTEN); // of a run killed at its start: nothing
    if (left && !overwrite) {
      const what = names.includes('run.json') ? 'another run' : 'parts of another run';
      const ways = (await isResumable(folder, names))
        ? '--overwrite, or --resume to complete it'
        : '--overwrite';
      const allowed = `a new or empty folder, or ${ways}; this one holds ${what}`;
      throw invalid('output folder', folder, allowed);
    }
    await clear(folder, names);
    return null;
  });
}

/**
 * Makes the folder ready to continue the run in it, or to begin one if that was killed before it wrote its
 * manifest. What a killed process left unfinished is removed.
 *
 * @param check throws if the run is not the one to be continued; nothing was changed then
 * @throws RangeError if the folder holds rows and no manifest, or as `claimFolder` does
 */
export async function reclaimFolder(folder: string, check: (earlier: Manifest) => void): Promise<Claim> {
  return claim(folder, async (names) => {
    if (names.includes('run.json')) {
      const earlier = await readManifest(folder);
      check(earlier);
      await removeTemporary(folder);
      return earlier;
    }
    refuseForeign(folder, names);
    const rest = names.find((name) => !isTemporary(name));
    if (rest !== undefined && !names.includes(OVERWRITTEN)) {
      throw invalid(
        'run',
        folder,
        `a folder with a run.json; this one holds ${rest} without it: --overwrite in place of --resume starts anew`,
      );
    }
    await clear(folder, names);
    return null;
  });
}

/** A run that is being removed: its manifest goes by this name until everything else is gone. */
const OVERWRITTEN = 'run.json.overwritten';

async function claim(
  folder: string,
  prepare: (names: readonly string[]) => Promise<Manifest | null>,
): Promise<Claim> {
  const names = async () => (await readdir(folder)).filter((name) => !/^run\.lock(\.wal)?$/.test(name));
  try {
    await makeDurably(resolve(folder));
    await names();
    const probe = join(folder, `run.json.${randomUUID().slice(0, 8)}.tmp`);
    await writeFile(probe, '');
    await rm(probe, { force: true }); // the run at work in the folder may have tidied it up
  } catch (cause) {
    const allowed = `a folder that can be written; ${reasonOf(cause)}`;
    throw Object.assign(invalid('output folder', folder, allowed), { cause });
  }
  const release = await lockFolder(folder);
  try {
    return { folder, earlier: await prepare(await names()), release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Makes a folder and those above it; the names of new ones are then on the disk. */
async function makeDurably(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let path = folder; !existsSync(path) && dirname(path) !== path; path = dirname(path))
    missing.push(path);
  await makeFolder(folder);
  for (const path of missing) await syncFolder(dirname(path)).catch(() => undefined); // one that cannot be read
}

async function isResumable(folder: string, names: readonly string[]): Promise<boolean> {
  const manifest = names.includes('run.json') ? await readManifest(folder).catch(() => null) : null;
  return (
    manifest !== null && manifest.state !== 'complete' && manifest.from === null && manifest.merged === null
  );
}

function refuseForeign(folder: string, names: readonly string[]): void {
  const foreign = names.find((name) => !runFiles.test(name));
  if (foreign === undefined) return;
  const allowed = `a new or empty folder; this one holds ${foreign}, which is no part of a run`;
  throw invalid('output folder', folder, allowed);
}

/**
 * Removes a run. Its manifest is put aside first and removed last: rows without a manifest would be nobody's, and
 * with the next run's they would pass for its own.
 */
async function clear(folder: string, names: readonly string[]): Promise<void> {
  const aside = join(folder, OVERWRITTEN);
  if (names.includes('run.json')) {
    await rename(join(folder, 'run.json'), aside);
    await syncFolder(folder);
  }
  for (const name of names) {
    if (name !== OVERWRITTEN) await rm(join(folder, name), { recursive: true, force: true });
  }
  await syncFolder(folder);
  await rm(aside, { force: true });
}

async function removeTemporary(folder: string): Promise<void> {
  const parts = join(folder, 'rows');
  for (const place of existsSync(parts) ? [folder, parts] : [folder]) {
    const names = (await readdir(place)).filter((name) => isTemporary(name));
    for (const name of names) await rm(join(place, name), { recursive: true, force: true });
  }
}
