import { latin1 } from './latin1.js';
import { invalid, missing } from '../errors.js';
import { type NpyElement, parseNpyDtype } from './npy-dtype.js';

/** The header of a `.npy` file. */
export interface NpyHeader {
  readonly element: NpyElement;
  /** True if the first index varies fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** The offset of the elements, in bytes from the start of the file. */
  readonly dataOffset: number;
}

const magic = [0x93, ...new TextEncoder().encode('NUMPY')];

/** Returns true if the bytes begin like a `.npy` file. */
export function hasNpyMagic(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/**
 * Returns the header of a `.npy` file of format 1.0, 2.0 or 3.0. The file begins with a magic, the version, the length
 * of the header (2 bytes in version 1, else 4, little-endian), and a Python dictionary as text. Format:
 * `numpy.lib.format`, NEP 1. @throws RangeError if the magic, the version, the length or a field of the dictionary is
 * wrong.
 */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader {
  const dataOffset = npyHeaderEnd(bytes);
  if (bytes.length < dataOffset) {
    const prefix = prefixOf(bytes);
    throw invalid(
      '.npy header',
      `${bytes.length - prefix} bytes`,
      `${dataOffset - prefix} bytes, the length in its header; it is truncated`,
    );
  }
  const text = headerText(bytes[6]!, bytes.subarray(prefixOf(bytes), dataOffset));
  return { ...parseDictionary(text), dataOffset };
}

/** Returns the offset of the elements, from the first 12 bytes. @throws RangeError for a wrong magic or version */
export function npyHeaderEnd(bytes: Uint8Array): number {
  if (!hasNpyMagic(bytes)) {
    const zip =
      bytes[0] === 0x50 && bytes[1] === 0x4b ? '; this is a zip file such as .npz: save one array alone' : '';
    const expected = `${hex(magic)} (\\x93NUMPY)${zip}`;
    throw invalid('.npy magic', bytes.length === 0 ? 'no bytes' : hex(bytes.subarray(0, 6)), expected);
  }
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) throw invalid('.npy version', version, '1, 2, 3');
  const prefix = prefixOf(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < prefix)
    throw invalid('.npy header', `${bytes.length} bytes`, `at least ${prefix} bytes`);
  return prefix + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
}

/** Returns the number of bytes before the dictionary: magic, version and length. */
function prefixOf(bytes: Uint8Array): number {
  return bytes[6] === 1 ? 10 : 12;
}

/** Returns the three fields of the dictionary, `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`. */
function parseDictionary(text: string): Omit<NpyHeader, 'dataOffset'> {
  const shown = text
    .replace(/[^\x20-\x7e]+/g, '?')
    .trim()
    .slice(0, 60);
  if (/['"]descr['"]\s*:\s*[[(]/.test(text)) {
    throw invalid(
      '.npy dtype',
      'a structured array',
      'an array of numbers; select one of its fields and save that',
    );
  }
  const descr = /['"]descr['"]\s*:\s*(['"])([^'"]*)\1/.exec(text)?.[2];
  if (descr === undefined) throw badField('descr', text, shown, "'<f4' or the like");
  const order = /['"]fortran_order['"]\s*:\s*(True|False)\b/.exec(text)?.[1];
  if (order === undefined) throw badField('fortran_order', text, shown, 'True, False');
  // Python 2 wrote long integers as 3L.
  const sizes = /['"]shape['"]\s*:\s*\(\s*((?:\d+L?\s*(?:,\s*|(?=\))))*)\)/.exec(text)?.[1];
  if (sizes === undefined) throw badField('shape', text, shown, 'whole numbers such as (3, 4)');
  const shape = sizes
    .split(',')
    .map((size) => size.replace('L', '').trim())
    .filter((size) => size !== '')
    .map(Number);
  return { element: parseNpyDtype(descr), fortranOrder: order === 'True', shape };
}

/** Returns the error for a missing or invalid field of the header. */
function badField(name: string, text: string, shown: string, allowed: string): RangeError {
  const value = new RegExp(`['"]${name}['"]\\s*:\\s*(\\([^)]*\\)|[^,}]*)`).exec(text)?.[1];
  if (value === undefined) return missing(`.npy header field ${name}`, shown, `expected ${allowed}`);
  return invalid(`.npy header field ${name}`, value.replace(/[^\x20-\x7e]+/g, '?').slice(0, 40), allowed);
}

function hex(bytes: ArrayLike<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Headers of version 3 are UTF-8, those before it Latin-1. */
function headerText(version: number, bytes: Uint8Array): string {
  return version === 3 ? new TextDecoder().decode(bytes) : latin1(bytes);
}
