import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and the folders above it, where they are missing. Unlike `mkdir` with `recursive`, which turns for ever
 * where a file system says ENOENT below a folder that exists (`/proc`), it passes such an error on.
 */
export async function makeFolder(path: string): Promise<void> {
  const folder = resolve(path);
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      // a folder, or a file in its place, which `recursive` tells apart
      await mkdir(folder, { recursive: true });
      return;
    }
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder);
  }
}
