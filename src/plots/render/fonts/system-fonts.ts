import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { readFaces, type FaceInfo } from './font-file.js';

let found: { readonly folders: string; readonly faces: readonly FaceInfo[] } | undefined;

/**
 * Returns the faces of the fonts installed on this machine, read once, when a figure first needs one.
 *
 * The environment variable RANKSCOPE_FONTS names the folders to search instead of the system's, parted as in PATH; an
 * empty text searches none.
 */
export function systemFaces(): readonly FaceInfo[] {
  const folders = process.env['RANKSCOPE_FONTS']?.split(delimiter) ?? systemFolders();
  const key = folders.join(delimiter);
  if (found?.folders !== key)
    found = { folders: key, faces: folders.filter(Boolean).flatMap(fontFiles).flatMap(readFaces) };
  return found.faces;
}

/** The folders in which the operating system keeps fonts. */
function systemFolders(): string[] {
  const home = homedir();
  const { env, platform } = process;
  if (platform === 'win32')
    return [
      join(env['WINDIR'] ?? 'C:\\Windows', 'Fonts'),
      join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Microsoft', 'Windows', 'Fonts'),
    ];
  if (platform === 'darwin')
    return [
      join(home, 'Library/Fonts'),
      '/Library/Fonts',
      '/Network/Library/Fonts',
      '/System/Library/Fonts',
      '/System/Library/AssetsV2',
    ];
  const data = [
    env['XDG_DATA_HOME'] ?? join(home, '.local/share'),
    ...(env['XDG_DATA_DIRS'] || '/usr/local/share:/usr/share').split(':'),
  ];
  const folders = [...data.map((folder) => join(folder, 'fonts')), join(home, '.fonts')];
  return [...new Set([...folders, '/usr/local/share/fonts', '/usr/share/fonts', '/run/host/fonts'])];
}

/** The font files in a folder and below it, in the order of their paths. Links to folders are not followed. */
function fontFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ttf|otf|ttc|otc)$/i.test(path))
      .sort()
      .map((path) => join(folder, path));
  } catch {
    return []; // not there, or not to be read
  }
}
