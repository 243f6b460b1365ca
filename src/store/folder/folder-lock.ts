import type { DuckDBInstance } from '@duckdb/node-api';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from '../../errors.js';
import { openDatabase } from '../rows/database.js';
import { asWriteError } from './durable.js';

/**
 * Locks the folder for this process until the returned function is called.
 *
 * The lock is the operating system's on a file, `run.lock`, which DuckDB takes on the database it opens. The system
 * releases it when the process ends, however it ends. So a killed process leaves nothing that blocks the next one, and
 * no process number can be reused by another process. The lock works between containers and, if the file system
 * supports locks, between machines.
 *
 * @throws RangeError if another run is at work in the folder
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const key = await realpath(folder);
  if (held.has(key)) throw busy(folder, 'this process'); // the system's locks are between processes only
  held.add(key);
  const path = join(key, 'run.lock'); // absolute: DuckDB takes `s3:` or `~` at the start of a path for more than a name
  try {
    const database = await acquire(folder, path);
    return async () => {
      held.delete(key);
      await rm(path).catch(() => undefined); // while it is locked, see `acquire`; Windows refuses
      database.closeSync();
      if (process.platform === 'win32') await rm(path).catch(() => undefined);
    };
  } catch (error) {
    held.delete(key);
    throw error;
  }
}

const held = new Set<string>();

/**
 * Opens the lock file, which locks it. A holder removes the file before it gives the lock back, so one may lock a file
 * that has just lost its name; another process would then lock a new one of that name. So the locked file must be the
 * one that still has the name.
 */
async function acquire(folder: string, path: string): Promise<DuckDBInstance> {
  for (;;) {
    await ensureLockFile(path);
    const before = await identity(path);
    const database = await open(folder, path);
    if (database && before !== undefined && (await identity(path)) === before) return database;
    database?.closeSync();
  }
}

async function open(folder: string, path: string): Promise<DuckDBInstance | undefined> {
  try {
    return await openDatabase(path, { threads: '1' });
  } catch (error) {
    const message = (error as Error).message;
    if (!existsSync(path)) return undefined; // its holder has just removed it
    const holder = /PID (\d+)/.exec(message)?.[1];
    if (/conflicting lock|being used by another process/i.test(message)) {
      throw busy(folder, holder ? `process ${holder}` : 'another process', error);
    }
    if (message.includes('not a valid DuckDB')) {
      throw invalid('lock', path, 'a file that rankscope made; this one can be removed');
    }
    throw new RangeError(
      `invalid output folder: ${folder} (allowed: a folder where files can be locked; ${message.replace(/\s+/g, ' ')})`,
      { cause: error },
    );
  }
}

/** Makes the lock file if it is missing. It is complete from the start, since a partial one could not be opened. */
async function ensureLockFile(path: string): Promise<void> {
  if (existsSync(path)) return;
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    (await openDatabase(temporary, { threads: '1' })).closeSync();
    await link(temporary, path).catch(async (error: NodeJS.ErrnoException) => {
      // another process was first, or has taken the file for one that a killed process left: `acquire` looks again
      if (error.code === 'EEXIST' || error.code === 'ENOENT') return;
      await rename(temporary, path); // a file system without links
    });
  } catch (error) {
    throw asWriteError(path, error);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Returns an identity that distinguishes a file from another of the same name; undefined if it is missing. */
async function identity(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}

function busy(folder: string, holder: string, cause?: unknown): RangeError {
  const error = invalid('output folder', folder, `a folder that no other run uses; ${holder} uses this one`);
  error.cause = cause;
  return error;
}
