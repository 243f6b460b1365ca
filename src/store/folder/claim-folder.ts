import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { invalid } from '../../errors.js';
import { reasonOf } from '../../files/reason.js';
import { makeFolder } from '../../files/make-folder.js';
import { isTemporary, syncFolder } from './durable.js';
import { lockFolder } from './folder-lock.js';
import { readRunManifest, type RunManifest } from '../manifest.js';
import type { FolderKind } from '../run-kind.js';
import { kindOf, OVERWRITTEN, runAround } from './run-around.js';
import { isRowFile } from '../rows/row-files.js';

/** A run's folder while this process works in it. */
export interface RunFolder {
  readonly folder: string;
  /** The manifest of the run that is continued; null for a new one. */
  readonly earlier: RunManifest | null;
  /** Removes the run that is to be replaced, if there is one. Until this is called nothing is lost. */
  begin(): Promise<void>;
  /** Releases the folder; a new one in which nothing was begun is removed. */
  release(): Promise<void>;
}

/**
 * Claims the folder for a new run. Every command that writes a folder does so here, before it measures anything.
 *
 * @throws RangeError if the folder holds another run (unless `overwrite`, for one of the same kind) or anything else,
 * lies inside another run, cannot be written, or another process is at work in it
 */
export async function claimFolder(folder: string, kind: FolderKind, overwrite = false): Promise<RunFolder> {
  return claim(folder, async (names) => {
    await refuseInside(folder);
    const found = await kindOf(folder);
    if (found !== undefined && found !== kind.kind)
      throw occupied(
        folder,
        `holds a run of kind ${found}`,
        `which a run of kind ${kind.kind} does not replace`,
      );
    await refuseForeign(folder, kind, names);
    const first = names.find((name) => !isTemporary(name));
    if (found === undefined && !kind.unmarked && first !== undefined) {
      const remedy = 'name another, or remove this one if an early version, which wrote no run.json, made it';
      const end = names.includes('run.json') ? '' : `: ${remedy}`;
      throw occupied(folder, `holds ${first}`, `and no run.json of kind ${kind.kind}${end}`);
    }
    const left = names.some((name) => !isTemporary(name) || name === OVERWRITTEN); // of a run killed at its start: nothing
    if (left && !overwrite) {
      const what = names.includes('run.json') ? 'another run' : 'parts of another run';
      const remedies = (await isResumable(kind, folder, names))
        ? '--overwrite, or --resume to complete it'
        : '--overwrite';
      const allowed = `a new or empty folder, or ${remedies}; this one holds ${what}`;
      throw invalid('output folder', folder, allowed);
    }
    return null;
  });
}

/**
 * Claims the folder to continue the run in it. If the previous run was killed before it wrote its manifest, a run
 * begins. Unfinished files of a killed process are removed.
 *
 * @param check throws if the run is not the one to be continued; nothing was changed then
 * @throws RangeError if the folder holds rows and no manifest, or as `claimFolder` does
 */
export async function reclaimFolder(
  folder: string,
  kind: FolderKind,
  check: (earlier: RunManifest) => void,
): Promise<RunFolder> {
  return claim(folder, async (names) => {
    if (names.includes('run.json')) {
      const earlier = await readRunManifest(kind, folder);
      check(earlier);
      await removeTemporary(folder);
      return earlier;
    }
    await refuseInside(folder);
    await refuseForeign(folder, kind, names);
    const rest = names.find((name) => !isTemporary(name));
    if (rest !== undefined && !names.includes(OVERWRITTEN)) {
      throw invalid(
        'run',
        folder,
        `a folder with a run.json; this one holds ${rest} without it: --overwrite in place of --resume starts anew`,
      );
    }
    return null;
  });
}

async function claim(
  folder: string,
  check: (names: readonly string[]) => Promise<RunManifest | null>,
): Promise<RunFolder> {
  const names = async () => (await readdir(folder)).filter((name) => !/^run\.lock(\.wal)?$/.test(name));
  const made: string[] = [];
  let unlock: (() => Promise<void>) | undefined;
  let begun = false;
  const release = async () => {
    await unlock?.();
    if (!begun) for (const path of made) await rmdir(path).catch(() => undefined); // another run may have come
  };
  try {
    await probe(folder, made);
    unlock = await lockFolder(folder);
    const found = await names();
    const earlier = await check(found);
    const begin = async () => {
      begun = true;
      if (!earlier) await clear(folder, found);
    };
    return { folder, earlier, begin, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Makes the folder if it is missing and writes a file in it.
 * @param made receives the folders made, the deepest first
 */
async function probe(folder: string, made: string[]): Promise<void> {
  try {
    await makeDurably(resolve(folder), made);
    await readdir(folder);
    const path = join(folder, `run.json.${randomUUID().slice(0, 8)}.tmp`);
    await writeFile(path, '');
    await rm(path, { force: true }); // the run at work in the folder may have tidied it up
  } catch (cause) {
    const allowed = `a folder that can be written; ${reasonOf(cause)}`;
    throw Object.assign(invalid('output folder', folder, allowed), { cause });
  }
}

/** Makes a folder and its missing parents, and makes the names of new ones durable. */
async function makeDurably(folder: string, made: string[]): Promise<void> {
  for (let path = folder; !existsSync(path) && dirname(path) !== path; path = dirname(path)) made.push(path);
  await makeFolder(folder);
  for (const path of made) await syncFolder(dirname(path)).catch(() => undefined); // one that cannot be read
}

async function isResumable(kind: FolderKind, folder: string, names: readonly string[]): Promise<boolean> {
  if (!kind.resumable) return false;
  const manifest = names.includes('run.json') ? await readRunManifest(kind, folder).catch(() => null) : null;
  return (
    manifest !== null && manifest.state !== 'complete' && manifest.from === null && manifest.merged === null
  );
}

async function refuseForeign(folder: string, kind: FolderKind, names: readonly string[]): Promise<void> {
  const parts = join(folder, 'rows');
  const inside = names.includes('rows') ? await readdir(parts).catch(() => []) : [];
  const foreign =
    names.find((name) => !kind.files.test(name)) ??
    inside.map((name) => join('rows', name)).find((name) => !isRowFile(name));
  if (foreign !== undefined) throw occupied(folder, `holds ${foreign}`, 'which is not part of a run');
}

/** Refuses a folder inside a run: it would prevent replacing that run. */
async function refuseInside(folder: string): Promise<void> {
  const run = await runAround(join(await realpath(folder), '..'));
  if (run) throw occupied(folder, `lies in ${run.folder}`, `which holds a run of kind ${run.kind}`);
}

function occupied(folder: string, ...reason: string[]): RangeError {
  return invalid('output folder', folder, `a new or empty folder; this one ${reason.join(', ')}`);
}

/**
 * Removes a run. Its manifest is renamed first and removed last: rows without a manifest would have no owner, and could
 * be taken for rows of the next run.
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
