/** The endings of image file names, in upper or lower case. */
export const imageEndings: readonly string[] = ['.png', '.jpg', '.jpeg', '.webp'];

export type ImageFormat = 'PNG' | 'JPEG' | 'WebP';

/** Returns the format recognised by the first bytes, or undefined for an unsupported file. */
export function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return 'PNG';
  if (startsWith(bytes, '\xff\xd8\xff')) return 'JPEG';
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return 'WebP';
  return undefined;
}

/** Returns the kind of an unsupported file by its first bytes, such as `a GIF`; undefined if unknown. */
export function otherFormat(bytes: Uint8Array): string | undefined {
  return others.find(([magic, , at = 0]) => startsWith(bytes, magic, at))?.[1];
}

/** Returns true if the file's name has an image ending. */
export function isImageName(name: string): boolean {
  return imageEndings.some((ending) => name.toLowerCase().endsWith(ending));
}

const takeBinary = "; of CIFAR's downloads take cifar-10-binary.tar.gz or cifar-100-binary.tar.gz, unpacked";

const others: readonly (readonly [magic: string, words: string, at?: number])[] = [
  ['GIF8', 'a GIF'],
  ['II*\0', 'a TIFF'],
  ['MM\0*', 'a TIFF'],
  ['BM', 'a BMP'],
  ['ftypavi', 'an AVIF', 4],
  ['ftyp', 'a HEIC or a video', 4],
  ['<svg', 'an SVG'],
  ['<?xml', 'an XML file or SVG'],
  ['<', 'an HTML page'],
  ['%PDF', 'a PDF'],
  ['\x1f\x8b', 'a gzip archive, to be unpacked first'],
  ['PK\x03\x04', 'a zip archive, to be unpacked first'],
  ['ustar', 'a tar archive, to be unpacked first', 257],
  ['version https://git-lfs', 'a Git LFS pointer, not yet the file it stands for'],
  ['\0\0\x08', 'an IDX file, as in MNIST'],
  ['\x93NUMPY', 'a numpy array'],
  ['MATLAB', `a MATLAB file${takeBinary}`],
  ...[2, 3, 4, 5].map((protocol) => {
    return [`\x80${String.fromCharCode(protocol)}`, `a Python pickle${takeBinary}`] as const;
  }),
];

function startsWith(bytes: Uint8Array, magic: string, at = 0): boolean {
  for (let i = 0; i < magic.length; i++) if (bytes[at + i] !== magic.charCodeAt(i)) return false;
  return true;
}
