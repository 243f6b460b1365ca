import { invalid, messageOf } from '../../errors.js';
import type { ByteSource } from '../byte-source.js';

/** An entry of a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly size: number;
  readonly packedSize: number;
  /** CRC-32 of the unpacked bytes. */
  readonly checksum: number;
  /** Where its bytes begin in the archive. */
  readonly start: number;
}

/** The most entries that are listed; the largest models have some thousands. */
const MAX_ENTRIES = 1_000_000;

/** Returns the entries of a zip archive with their places. @throws RangeError for a damaged or encrypted archive */
export async function listEntries(source: ByteSource): Promise<ZipEntry[]> {
  const yauzl = (await import('yauzl')).default;
  class Reader extends yauzl.RandomAccessReader {
    override read(
      buffer: Buffer,
      offset: number,
      length: number,
      position: number,
      done: (error: Error | null) => void,
    ): void {
      try {
        buffer.set(source.read(position, length), offset);
      } catch (error) {
        return void setImmediate(done, error as Error);
      }
      setImmediate(done, null);
    }
    override close(done: (error: Error | null) => void): void {
      done(null);
    }
  }
  const entries: ZipEntry[] = [];
  try {
    const zip = await yauzl.fromRandomAccessReaderPromise(new Reader(), source.size, {
      lazyEntries: true,
      strictFileNames: true,
    });
    if (zip.entryCount > MAX_ENTRIES) throw new Error(`it has ${zip.entryCount} entries`);
    for await (const entry of zip.eachEntry()) {
      if (entry.isEncrypted()) throw new Error(`${entry.fileName} is encrypted`);
      if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
        throw new Error(`${entry.fileName} is compressed by method ${entry.compressionMethod}`);
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      if (fileDataStart + entry.compressedSize > source.size)
        throw new Error(`${entry.fileName} ends outside the file`);
      entries.push({
        name: entry.fileName,
        method: entry.compressionMethod,
        size: entry.uncompressedSize,
        packedSize: entry.compressedSize,
        checksum: entry.crc32,
        start: fileDataStart,
      });
    }
  } catch (cause) {
    const allowed = 'a whole archive, its entries stored or deflated; is it truncated?';
    throw Object.assign(invalid('zip archive', messageOf(cause), allowed), { cause });
  }
  return entries;
}
