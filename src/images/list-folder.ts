import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { reasonOf } from '../files/reason.js';
import { isCifarName } from './cifar.js';
import { isImageName } from './image-format.js';

/** The files of a folder and of the folders below it. */
export interface FolderListing {
  /** Paths of images, sorted. */
  readonly images: readonly string[];
  /** Paths of the folders below, also of those without a file. */
  readonly folders: readonly string[];
  /** Paths of files with CIFAR's names, by their folder. */
  readonly cifar: ReadonlyMap<string, readonly string[]>;
  /** Paths of all other files, sorted. */
  readonly others: readonly string[];
  /** Links to folders that were already read, or to a parent folder. */
  readonly repeated: readonly string[];
  /** Folders that cannot be read, broken links, and image names that are not files, each with its reason. */
  readonly problems: readonly string[];
}

/**
 * Returns the files of a folder and of all folders below it. Links are followed: a file counts under each of its names,
 * and a folder is entered once. Names that begin with a dot are left out.
 *
 * @throws the system's error if the folder itself cannot be read
 */
export async function listFolder(root: string): Promise<FolderListing> {
  const walk = {
    images: [] as string[],
    folders: [] as string[],
    cifar: new Map<string, string[]>(),
    others: [] as string[],
    repeated: [] as string[],
    problems: [] as string[],
  };
  const top = await realpath(root);
  const entered = new Set<string>();
  const folders: string[] = [];
  const links: string[] = [];

  async function enter(folder: string): Promise<void> {
    const real = await realpath(folder);
    // a folder above the root would contain the root again
    const above = real !== top && top.startsWith(real.endsWith(sep) ? real : real + sep);
    if (above || entered.has(real)) {
      walk.repeated.push(folder);
      return;
    }
    entered.add(real);
    if (folder !== root) walk.folders.push(folder);
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1)))
      if (!entry.name.startsWith('.')) await place(folder, entry);
  }

  async function place(folder: string, entry: Dirent): Promise<void> {
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() ? await linked(path, entry.name) : entry;
    if (kind === undefined) return;
    if (kind.isDirectory()) (kind === entry ? folders : links).push(path);
    else if (isImageName(entry.name) && !kind.isFile()) walk.problems.push(`${path} (it is not a file)`);
    else if (isImageName(entry.name)) walk.images.push(path);
    else if (isCifarName(entry.name) && kind.isFile())
      walk.cifar.set(folder, [...(walk.cifar.get(folder) ?? []), path]);
    else walk.others.push(path);
  }

  /** Returns the target of a link. A broken link is a problem if its name may be that of an image or a folder. */
  async function linked(path: string, name: string) {
    try {
      return await stat(path);
    } catch (cause) {
      const expected = isImageName(name) || isCifarName(name) || extname(name) === '';
      const reason = `it is a link to ${await readlink(path)}: ${reasonOf(cause)}`;
      if (expected) walk.problems.push(`${path} (${reason})`);
      else walk.others.push(path);
      return undefined;
    }
  }

  await enter(root);
  // real folders first, so that links to them are the ones left out
  const next = () => folders.shift() ?? links.shift();
  for (let folder = next(); folder !== undefined; folder = next()) {
    try {
      await enter(folder);
    } catch (cause) {
      walk.problems.push(`${folder} (${reasonOf(cause)})`);
    }
  }
  walk.images.sort();
  walk.others.sort();
  return walk;
}
