/** Returns in words why the system refused a file or folder: `no such file or folder`, `permission denied`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && WORDS[code]) || error.message;
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'it, or a part of its path, is a file, not a folder',
  EDQUOT: 'no space left that this user may have',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open at once; raise the limit, as with ulimit -n',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'the system has too many files open at once',
  ENOENT: 'no such file or folder',
  ENOSPC: 'no space left',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EPERM: 'permission denied',
  ERR_FS_FILE_TOO_LARGE: 'it has more than 2 GiB, which is what can be read of a file',
  EROFS: 'the file system is read-only',
};
