import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileWriteError } from '../../files/write-whole.js';

/**
 * Writes a file whole or not at all, and durably. Once this returns, the file survives the end of the process and a
 * loss of power.
 * @throws FileWriteError
 */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    await renameDurably(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error instanceof FileWriteError ? error : new FileWriteError(path, error);
  }
}

/**
 * Renames a file after its content is on the disk, and returns when the name is on the disk too. In the other order a
 * file system may keep the new name and lose the content.
 */
export async function renameDurably(from: string, to: string): Promise<void> {
  const file = await open(from, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(from, to);
  await syncFolder(dirname(to));
}

/**
 * Waits until the names in a folder are on the disk. On Windows, where a folder cannot be opened, it returns at once.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error; // a file system without it
  } finally {
    await handle.close();
  }
}

/** Whether a file in a run's folder is unfinished: still being written, or abandoned when its process ended. */
export function isTemporary(name: string): boolean {
  return /(\.[0-9a-f]{8}\.tmp|\.unfinished)(\.wal)?$/.test(name) || scratch.has(name);
}

/** Temporary files of a running run, besides those that are renamed when complete. */
const scratch = new Set(['rows.sorting', 'rows.spill', 'run.json.reserve', 'run.json.overwritten']);

/** Returns the same error, or a FileWriteError if the database means a full disk or too many open files. */
export function asWriteError(path: string, error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  const [code] = Object.entries(databaseMessages).find(([, words]) => words.test(message)) ?? [];
  if (code === undefined) return error;
  const name = path.replace(/\.unfinished$/, '');
  return new FileWriteError(name, Object.assign(new Error(message, { cause: error }), { code }));
}

const databaseMessages: Readonly<Record<string, RegExp>> = {
  ENOSPC: /no space left|disk (is )?full|disk quota|not enough space/i,
  EMFILE: /too many open files/i,
};

/** Returns the temporary path of a file, before it has its name. */
export const unfinished = (path: string) => `${path}.unfinished`;
