import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ByteSource, fileSource } from './byte-source.js';

/** Returns a stream's bytes as a source: a temporary file, removed when it is closed or the process ends. */
export async function spool(stream: Readable, name: string): Promise<ByteSource & { readonly path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'rankscope-'));
  const remove = () => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', remove);
  try {
    const path = join(folder, 'bytes');
    await pipeline(stream, createWriteStream(path, { mode: 0o600 }));
    return { ...fileSource(path, name, remove), path };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Returns the bytes of standard input. */
export function spoolStandardInput(): Promise<ByteSource> {
  return spool(process.stdin, 'standard input');
}
