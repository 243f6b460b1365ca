import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { invalid, missing } from '../errors.js';
import { firstOf } from '../lookups.js';
import { reasonOf } from '../files/reason.js';

/** Bytes that are read from the places where they lie: a file, memory, or a part of either. */
export interface ByteSource {
  /** The name of the file, for messages. */
  readonly name: string;
  readonly size: number;
  /** Returns a copy of the bytes, or for memory a view. @throws RangeError for a place outside */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

/** Bytes of one system call; Linux reads at most 2^31 - 4096. */
const CALL_BYTES = 2 ** 30;

/**
 * Returns the file as a source, opened.
 * @param remove runs after the file is closed
 * @throws RangeError with the path and why it cannot be read
 */
export function fileSource(path: string, name = path, remove?: () => void): ByteSource {
  let handle: number;
  let size: number;
  try {
    handle = openSync(path, 'r');
    const state = fstatSync(handle);
    if (!state.isFile()) {
      closeSync(handle);
      throw new Error(state.isDirectory() ? 'it is a folder' : 'it is not a file');
    }
    ({ size } = state);
  } catch (cause) {
    throw Object.assign(missing('model file', name, reasonOf(cause)), { cause });
  }
  let isOpen = true;
  return {
    name,
    size,
    read(offset, length) {
      checkPlace(name, size, offset, length);
      if (!isOpen) throw new Error(`invalid read: ${name} (allowed: before it is closed)`);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const got = readSync(handle, bytes, done, Math.min(length - done, CALL_BYTES), offset + done);
        if (got === 0)
          throw invalid('model file', name, `${size} bytes, as when it was opened; it was cut off`);
        done += got;
      }
      return bytes;
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(handle);
      remove?.();
    },
  };
}

/** Returns bytes in memory as a source. */
export function bytesSource(name: string, given: Uint8Array): ByteSource {
  // a plain array, since `slice` of a Buffer is a view
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  return {
    name,
    size: bytes.length,
    read(offset, length) {
      checkPlace(name, bytes.length, offset, length);
      return bytes.subarray(offset, offset + length);
    },
    close: () => {},
  };
}

/** Returns a part of a source as one of its own; closing it leaves the whole open. */
export function partOf(source: ByteSource, offset: number, size: number, name = source.name): ByteSource {
  checkPlace(name, source.size, offset, size);
  return {
    name,
    size,
    read(from, length) {
      checkPlace(name, size, from, length);
      return source.read(offset + from, length);
    },
    close: () => {},
  };
}

/** Returns sources as one, in their order; closing it closes them. */
export function joinSources(sources: readonly ByteSource[]): ByteSource {
  if (sources.length === 1) return firstOf(sources);
  const size = sources.reduce((sum, source) => sum + source.size, 0);
  const name = `${sources[0]?.name ?? 'no file'} to ${sources.at(-1)?.name ?? ''}`;
  return {
    name,
    size,
    read(offset, length) {
      checkPlace(name, size, offset, length);
      const bytes = new Uint8Array(length);
      let start = 0;
      for (const source of sources) {
        const from = Math.max(offset, start);
        const to = Math.min(offset + length, start + source.size);
        if (from < to) bytes.set(source.read(from - start, to - from), from - offset);
        start += source.size;
      }
      return bytes;
    },
    close: () => sources.forEach((source) => source.close()),
  };
}

function checkPlace(name: string, size: number, offset: number, length: number): void {
  if (Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0)
    if (offset + length <= size) return;
  throw invalid(
    'place in a model file',
    `${offset} to ${offset + length} of ${name}`,
    `0 to ${size}; is it truncated?`,
  );
}
