import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { kindOfManifest } from '../manifest.js';

/** A run that is being removed: its manifest goes by this name until everything else is gone. */
export const OVERWRITTEN = 'run.json.overwritten';

/** Returns the run that a folder is or lies in, with its kind, or undefined. */
export async function runAround(folder: string): Promise<{ folder: string; kind: string } | undefined> {
  for (let path = await realpath(folder); ; path = dirname(path)) {
    const kind = await kindOf(path);
    if (kind !== undefined) return { folder: path, kind };
    if (path === dirname(path)) return undefined;
  }
}

/** Returns the kind of the run in a folder, or undefined without a run's manifest. */
export async function kindOf(folder: string): Promise<string | undefined> {
  for (const name of ['run.json', OVERWRITTEN]) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    const kind = bytes && kindOfManifest(bytes);
    if (kind !== undefined) return kind;
  }
  return undefined;
}
