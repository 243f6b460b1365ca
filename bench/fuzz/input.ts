import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The input of a reader: the files of a folder by their paths in it, and the words beside them. A folder within is
 * null.
 */
export interface Input {
  readonly files: ReadonlyMap<string, Uint8Array | null>;
  readonly words: readonly string[];
}

/** Returns an input of files and words. */
export function inputOf(
  files: Readonly<Record<string, Uint8Array | string | null>>,
  words: readonly string[] = [],
): Input {
  const bytes = ([path, content]: [string, Uint8Array | string | null]) =>
    [path, typeof content === 'string' ? new TextEncoder().encode(content) : content] as const;
  return { files: new Map(Object.entries(files).map(bytes)), words };
}

/** Writes the files of an input into a folder. */
export async function writeInput(folder: string, { files }: Input): Promise<void> {
  for (const [path, content] of files) {
    const place = join(folder, path);
    await mkdir(content === null ? place : dirname(place), { recursive: true });
    if (content !== null) await writeFile(place, content);
  }
}

/** Returns the files of a folder and of those below it; links are followed. */
export async function readFolder(folder: string, below = ''): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) for (const file of await readFolder(folder, path)) files.set(...file);
    // a copy, since `slice` of a Buffer is a view
    else files.set(path, Uint8Array.from(await readFile(join(folder, path))));
  }
  return files;
}

/** Returns the paths of files that are no longer as the input has them. */
export async function changedFiles(folder: string, { files }: Input): Promise<string[]> {
  const changed: string[] = [];
  for (const [path, content] of files) {
    if (content === null) continue;
    const now = await readFile(join(folder, path)).catch(() => undefined);
    if (!now?.equals(content)) changed.push(path);
  }
  return changed;
}
