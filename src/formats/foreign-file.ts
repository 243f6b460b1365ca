import { latin1 } from '../files/latin1.js';
/**
 * Returns a description of an unsupported file, from its first bytes. It is a pointer, a web page, or a refused format
 * with the reason. Undefined for all others.
 */
export function foreignFile(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'an empty file';
  const start = latin1(bytes.subarray(0, 200));
  const text = start
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .toLowerCase();
  if (text.startsWith('version https://git-lfs'))
    return 'a Git LFS pointer; fetch the file with git lfs pull';
  if (/^<(!doctype|html|head|body|\?xml|!--)/.test(text)) return 'a web page; download the file itself';
  return found(refused, start);
}

/** Returns the supported format that the bytes begin like, in words. */
export function otherFormat(bytes: Uint8Array): string | undefined {
  return found(ours, latin1(bytes.subarray(0, 200)));
}

type Sign = readonly [sign: string, meaning: string, at?: number];

function found(signs: readonly Sign[], start: string): string | undefined {
  return signs.find(([sign, , at = 0]) => start.startsWith(sign, at))?.[1];
}

const packed = 'its blocks of packed integers are not the weights: use the file it was converted from';
const unpack = (command: string) => `a compressed file; unpack it first: ${command}`;

const refused: readonly Sign[] = [
  ['GGUF', `a GGUF file; ${packed}`],
  ['ggjt', `a GGML file; ${packed}`],
  ['lmgg', `a GGML file; ${packed}`],
  ['TFL3', `a TFLite file; ${packed}`, 4],
  ['\u001f\u008b', unpack('gzip -d')],
  ['BZh', unpack('bzip2 -d')],
  ['\u00fd7zXZ', unpack('xz -d')],
  ['\u0028\u00b5\u002f\u00fd', unpack('zstd -d')],
  ['7z\u00bc\u00af', unpack('7z x')],
  ['Rar!', unpack('unrar x')],
  ['MATLAB ', 'a MATLAB file; save the arrays with numpy.savez'],
  ['PAR1', 'a Parquet file, a table'],
  ['%PDF', 'a PDF document'],
  ['\u0089PNG', 'an image'],
  ['\u00ff\u00d8\u00ff', 'an image'],
];

const ours: readonly Sign[] = [
  ['PK\u0003\u0004', 'a zip archive, as torch.save writes'],
  ['\u0080\u0002', 'a Python pickle'],
  ['\u0089HDF', 'an HDF5 file'],
  ['\u0093NUMPY', 'a .npy file'],
];
