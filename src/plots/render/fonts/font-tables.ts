import type { Font } from 'fontkit';

/** Reads the directory of a TrueType file: tag, checksum, offset, length of each table. */
export function readTables(file: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tables = new Map<string, Uint8Array>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const entry = 12 + 16 * i;
    const tag = String.fromCharCode(...file.subarray(entry, entry + 4));
    const offset = view.getUint32(entry + 8);
    tables.set(tag, file.subarray(offset, offset + view.getUint32(entry + 12)));
  }
  return tables;
}

/** Returns a table of a font's file as it is; undefined if the font has none of that name. */
export function rawTable(font: Font, tag: string): Uint8Array | undefined {
  const { directory, stream } = font as unknown as {
    directory: { tables: Record<string, { offset: number; length: number }> };
    stream: { buffer: Uint8Array };
  };
  const place = directory.tables[tag];
  return place && stream.buffer.subarray(place.offset, place.offset + place.length);
}

/** Lays the tables out behind a new directory, each at a multiple of four bytes, with the checksums. */
export function writeTables(tables: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const power = 2 ** Math.floor(Math.log2(sorted.length));
  const start = 12 + 16 * sorted.length;
  const size = sorted.reduce((sum, [, table]) => sum + padded(table.length), start);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  // 'OTTO' for outlines of PostScript
  view.setUint32(0, tables.has('CFF ') ? 0x4f54544f : 0x00010000);
  view.setUint16(4, sorted.length);
  view.setUint16(6, 16 * power);
  view.setUint16(8, Math.log2(power));
  view.setUint16(10, 16 * (sorted.length - power));
  let offset = start;
  sorted.forEach(([tag, table], i) => {
    file.set(table, offset);
    if (tag === 'head') view.setUint32(offset + 8, 0);
    const entry = 12 + 16 * i;
    for (let c = 0; c < 4; c++) file[entry + c] = tag.charCodeAt(c);
    view.setUint32(entry + 4, checksum(view, offset, padded(table.length)));
    view.setUint32(entry + 8, offset);
    view.setUint32(entry + 12, table.length);
    offset += padded(table.length);
  });
  const head = sorted.slice(
    0,
    sorted.findIndex(([tag]) => tag === 'head'),
  );
  const adjustmentAt = head.reduce((sum, [, table]) => sum + padded(table.length), start) + 8;
  view.setUint32(adjustmentAt, (0xb1b0afba - checksum(view, 0, size)) >>> 0);
  return file;
}

function checksum(view: DataView, offset: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i += 4) sum = (sum + view.getUint32(offset + i)) >>> 0;
  return sum;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** Big-endian 16-bit words as bytes. */
export function words16(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setUint16(2 * i, value));
  return bytes;
}
