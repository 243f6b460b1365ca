import { crc32 } from 'node:zlib';
import { createInflateRaw } from 'node:zlib';
import { Readable, Transform } from 'node:stream';
import { invalid, messageOf, missing } from '../../errors.js';
import { type ByteSource, partOf } from '../byte-source.js';
import { spool } from '../spool.js';
import { listEntries, type ZipEntry } from './list-entries.js';

/** A zip archive that is open for reading. */
export interface ZipArchive {
  /** Names of the entries, folders left out, in the order of the directory. */
  readonly names: readonly string[];
  /** Filled while entries are read: those whose checksum is wrong. */
  readonly notes: string[];
  /** Returns an entry: its place in the archive, or a temporary file where it is compressed. */
  open(name: string): Promise<ByteSource>;
  /** Removes the temporary files. */
  close(): void;
}

/** Archives whose entries unpack to more than both are refused: a bomb. */
const BOMB_BYTES = 2 ** 28;
const BOMB_RATIO = 100;

/** Bytes added to a checksum at once. */
const PIECE = 2 ** 24;

/** Returns a zip archive. @throws RangeError for one that is damaged or encrypted, or has a name twice */
export async function openZip(source: ByteSource): Promise<ZipArchive> {
  const entries = new Map<string, ZipEntry>();
  for (const entry of await listEntries(source)) {
    if (entry.name.endsWith('/')) continue;
    if (entries.has(entry.name)) throw invalid('zip archive', `${entry.name} twice`, 'each name once');
    entries.set(entry.name, entry);
  }
  const notes: string[] = [];
  const opened: ByteSource[] = [];
  let unpacked = 0;
  const open = async (name: string) => {
    const entry = entries.get(name);
    if (!entry) throw missing('entry of the zip archive', name, 'expected in such a file');
    const packed = partOf(source, entry.start, entry.packedSize, `${name} in ${source.name}`);
    if (entry.method === 0) return checkedSource(packed, entry, notes);
    unpacked += entry.size;
    if (unpacked > BOMB_BYTES && unpacked > BOMB_RATIO * source.size) {
      const found = `${name} unpacks to ${entry.size} bytes`;
      throw invalid('zip archive', found, `at most ${BOMB_RATIO} times the ${source.size} bytes of the file`);
    }
    const whole = await inflate(packed, entry);
    opened.push(whole);
    return checkedSource(whole, entry, notes);
  };
  return { names: [...entries.keys()], notes, open, close: () => opened.forEach((one) => one.close()) };
}

/** Returns the entry's bytes, unpacked into a temporary file. */
async function inflate(packed: ByteSource, { name, size }: ZipEntry): Promise<ByteSource> {
  function* pieces() {
    for (let at = 0; at < packed.size; at += PIECE) yield packed.read(at, Math.min(PIECE, packed.size - at));
  }
  let length = 0;
  const counted = new Transform({
    transform(chunk: Uint8Array, _, done) {
      length += chunk.length;
      if (length > size) done(new Error(`more than the ${size} bytes it is said to have`));
      else done(null, chunk);
    },
  });
  let whole: ByteSource;
  try {
    whole = await spool([Readable.from(pieces()), createInflateRaw(), counted], packed.name);
  } catch (cause) {
    // not the entry, but the archive or the temporary folder
    if (cause instanceof RangeError) throw cause;
    throw Object.assign(invalid(`zip entry ${name}`, messageOf(cause), 'deflated data'), { cause });
  }
  if (whole.size === size) return whole;
  whole.close();
  throw invalid(`zip entry ${name}`, `${whole.size} bytes`, `${size}, as the directory says`);
}

/** Returns the same source, which takes the checksum of the whole the first time anything is read. */
function checkedSource(source: ByteSource, { name, checksum }: ZipEntry, notes: string[]): ByteSource {
  let isChecked = false;
  return {
    ...source,
    read(offset, length) {
      if (!isChecked) {
        isChecked = true;
        let sum = 0;
        for (let at = 0; at < source.size; at += PIECE)
          sum = crc32(source.read(at, Math.min(PIECE, source.size - at)), sum);
        if (sum !== checksum) notes.push(`the checksum of ${name} is wrong: the file may be damaged`);
      }
      return source.read(offset, length);
    },
  };
}
