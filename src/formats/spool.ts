import { createWriteStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { invalid } from '../errors.js';
import { reasonOf } from '../files/reason.js';
import { type ByteSource, fileSource } from './byte-source.js';

/**
 * Returns the output of a pipeline of streams as a source. It is a temporary file, removed when the source is closed or
 * the process ends.
 * @param streams a readable stream, and what transforms it
 * @throws RangeError that names the temporary folder if that cannot be written
 */
export async function spool(
  streams: readonly (NodeJS.ReadableStream | NodeJS.ReadWriteStream)[],
  name: string,
): Promise<ByteSource> {
  let folder: string;
  try {
    folder = mkdtempSync(join(tmpdir(), prefix()));
  } catch (cause) {
    throw unwritable(cause);
  }
  if (folders.size === 0) watch();
  folders.add(folder);
  const remove = () => {
    folders.delete(folder);
    if (folders.size === 0) unwatch();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const path = join(folder, 'bytes');
    await pipeline([...streams, createWriteStream(path, { mode: 0o600 })]);
    return fileSource(path, name, remove);
  } catch (error) {
    remove();
    throw (error as NodeJS.ErrnoException).syscall === 'write' ? unwritable(error) : error;
  }
}

function unwritable(cause: unknown): RangeError {
  const allowed = `a folder that can be written; ${reasonOf(cause)}; TMPDIR names another`;
  return Object.assign(invalid('temporary folder', tmpdir(), allowed), { cause });
}

/** The folders of this thread's open sources. While there are any, one listener removes them at exit. */
const folders = new Set<string>();

function removeAll(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function watch(): void {
  process.on('exit', removeAll);
  for (const signal of SIGNALS) process.on(signal, endBy);
}

function unwatch(): void {
  process.off('exit', removeAll);
  for (const signal of SIGNALS) process.off(signal, endBy);
}

/** Ends the process as the signal does, unless a command handles it and still reads the files. */
function endBy(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  unwatch();
  process.kill(process.pid, signal);
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
