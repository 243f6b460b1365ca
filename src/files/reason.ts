/**
 * Returns the system's reason for refusing a file or folder, such as `no such file or folder` or `permission denied`.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && WORDS[code]) || error.message;
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'it, or a part of its path, is a file, not a folder',
  EDQUOT: 'the disk quota of this user is used up',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open at once; raise the limit, as with ulimit -n',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'the system has too many files open at once',
  ENOENT: 'no such file or folder',
  ENOSPC: 'no space left',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EPERM: 'permission denied',
  ERR_FS_FILE_TOO_LARGE: 'it has more than 2 GiB, the limit of a file that can be read',
  EROFS: 'the file system is read-only',
};
