import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.js';
import { reasonOf } from './reason.js';

/** A file that could not be written; `cause` is the system's own error. */
export class FileWriteError extends Error {
  override readonly name = 'FileWriteError';
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(`cannot write: ${path} (${reasonOf(cause)})`, { cause });
    this.path = path;
  }
}

/**
 * Writes a file whole or not at all. A temporary file beside it is written and then renamed. Missing folders are made.
 *
 * @throws FileWriteError if the file cannot be written.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await makeFolder(dirname(path));
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new FileWriteError(path, error);
  }
}
