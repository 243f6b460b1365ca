import { createWriteStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ByteSource, fileSource } from './byte-source.js';

/**
 * Returns the output of a pipeline of streams as a source. It is a temporary file, removed when the source is closed or
 * the process ends.
 * @param streams a readable stream, and what transforms it
 */
export async function spool(
  streams: readonly (NodeJS.ReadableStream | NodeJS.ReadWriteStream)[],
  name: string,
): Promise<ByteSource> {
  const folder = mkdtempSync(join(tmpdir(), prefix()));
  const remove = () => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', remove);
  try {
    const path = join(folder, 'bytes');
    await pipeline([...streams, createWriteStream(path, { mode: 0o600 })]);
    return fileSource(path, name, remove);
  } catch (error) {
    remove();
    throw error;
  }
}

/** Returns the bytes of standard input. */
export function spoolStandardInput(): Promise<ByteSource> {
  return spool([process.stdin], 'standard input');
}

const prefix = () => `rankscope-model-${process.pid}-`;

/** Removes the temporary files of all threads of this process. */
export function removeSpools(): void {
  for (const name of readdirSync(tmpdir()))
    if (name.startsWith(prefix())) rmSync(join(tmpdir(), name), { recursive: true, force: true });
}
