import { closeSync, openSync, readSync } from 'node:fs';
import { glyphLookup } from './character-map.js';

/** A face of a font file as its tables describe it; no outline has been read. */
export interface FaceInfo {
  readonly path: string;
  readonly postscriptName: string;
  /** The name that programs use: the English one, common to all weights if there is one. */
  readonly family: string;
  /** Lower case, in every language the file has them. */
  readonly families: readonly string[];
  readonly weight: number;
  readonly italic: boolean;
  /** Whether the licence bits of the file allow that it is embedded. */
  readonly embeddable: boolean;
  /** Whether the face has a glyph of the code point. */
  readonly has: (code: number) => boolean;
}

/**
 * Returns the faces of a TrueType or OpenType file or collection. Another file, or one without outlines, has none. Only
 * the tables needed are read: a collection of Chinese fonts has 20 MB. Layouts: OpenType specification 1.9.
 */
export function readFaces(path: string): FaceInfo[] {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return [];
  }
  try {
    const head = readAt(file, 0, 12);
    if (head.toString('latin1', 0, 4) !== 'ttcf') return [readFace(path, file, 0) ?? []].flat();
    const offsets = readAt(file, 12, 4 * Math.min(64, head.readUInt32BE(8)));
    return Array.from({ length: offsets.length / 4 }, (_, i) => offsets.readUInt32BE(4 * i)).flatMap(
      (offset) => readFace(path, file, offset) ?? [],
    );
  } catch {
    return []; // a damaged file is no font
  } finally {
    closeSync(file);
  }
}

function readFace(path: string, file: number, offset: number): FaceInfo | undefined {
  const tables = readDirectory(file, offset);
  // bitmaps alone, as of coloured emoji, can be neither measured nor drawn
  if (!tables.has('glyf') && !tables.has('CFF ')) return undefined;
  const table = (tag: string) => {
    const place = tables.get(tag);
    return place && readAt(file, place.offset, place.length);
  };
  const [names, characters, style] = [table('name'), table('cmap'), table('OS/2')];
  const has = characters && glyphLookup(characters);
  if (!names || !has) return undefined;
  const { family, families, postscriptName } = readNames(names);
  if (family === '' || postscriptName === '') return undefined;
  const words = postscriptName.toLowerCase();
  return {
    path,
    postscriptName,
    family,
    families,
    weight: style ? style.readUInt16BE(4) : /bold/.test(words) ? 700 : 400,
    italic: style && style.length >= 64 ? (style.readUInt16BE(62) & 0x201) !== 0 : /italic|obliq/.test(words),
    embeddable: !style || (style.readUInt16BE(8) & 0xf) !== 2,
    has,
  };
}

/** The offset of each table of the face. */
function readDirectory(file: number, offset: number): Map<string, { offset: number; length: number }> {
  const head = readAt(file, offset, 12);
  if (![0x00010000, 0x4f54544f, 0x74727565].includes(head.readUInt32BE(0))) return new Map();
  const count = head.readUInt16BE(4);
  const entries = readAt(file, offset + 12, 16 * count);
  return new Map(
    Array.from({ length: count }, (_, i) => [
      entries.toString('latin1', 16 * i, 16 * i + 4),
      { offset: entries.readUInt32BE(16 * i + 8), length: entries.readUInt32BE(16 * i + 12) },
    ]),
  );
}

const [FAMILY, POSTSCRIPT, TYPOGRAPHIC_FAMILY] = [1, 6, 16];

function readNames(table: Buffer): { family: string; families: string[]; postscriptName: string } {
  const families = new Set<string>();
  let [family, rank, postscriptName] = ['', 0, ''];
  const texts = table.readUInt16BE(4);
  for (let i = 0; i < table.readUInt16BE(2); i++) {
    const entry = 6 + 12 * i;
    const [platform, language, name] = [0, 4, 6].map((at) => table.readUInt16BE(entry + at));
    const start = texts + table.readUInt16BE(entry + 10);
    const bytes = table.subarray(start, start + table.readUInt16BE(entry + 8));
    const text = platform === 1 ? bytes.toString('latin1') : utf16(bytes);
    if (name === POSTSCRIPT && (postscriptName === '' || platform === 3)) postscriptName = text;
    if (name !== FAMILY && name !== TYPOGRAPHIC_FAMILY) continue;
    families.add(text.toLowerCase());
    const english = platform === 3 && language === 0x409;
    const own = (english ? 2 : 1) + (name === TYPOGRAPHIC_FAMILY ? 2 : 0);
    if (own > rank) [family, rank] = [text, own];
  }
  return { family, families: [...families], postscriptName };
}

function utf16(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}

function readAt(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const read = readSync(file, bytes, 0, length, offset);
  return bytes.subarray(0, read);
}
