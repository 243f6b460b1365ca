/**
 * Ends the real numbers in the dictionaries of a CFF table as the format demands, in place. A number with an even
 * number of digits must end with the byte FF, but fontkit writes F0. Browsers refuse such a font as a whole. Layout:
 * Adobe Technical Note 5176, sections 3 to 5.
 */
export function mendRealNumbers(table: Uint8Array): void {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const names = readIndex(view, table[2]!);
  for (const [start, end] of readIndex(view, names.end).parts) {
    const top = mendDictionary(view, start, end);
    mendPrivate(view, top);
    const fonts = top.get(FONT_DICTIONARIES)?.[0];
    if (fonts === undefined) continue;
    for (const part of readIndex(view, fonts).parts) mendPrivate(view, mendDictionary(view, ...part));
  }
}

/** Operators; those of two bytes are 12 and this. */
const PRIVATE = 18;
const FONT_DICTIONARIES = 1236;
const ESCAPE = 12;
const REAL = 30;
const END = 0xf;

type Dictionary = ReadonlyMap<number, readonly number[]>;

function mendPrivate(view: DataView, dictionary: Dictionary): void {
  const [size = 0, offset = 0] = dictionary.get(PRIVATE) ?? [];
  if (size > 0) mendDictionary(view, offset, offset + size);
}

/** Mends a dictionary and returns the operands of each operator; real numbers, which no operator here has, as NaN. */
function mendDictionary(view: DataView, start: number, end: number): Dictionary {
  const entries = new Map<number, readonly number[]>();
  let operands: number[] = [];
  for (let at = start; at < end;) {
    const first = view.getUint8(at++);
    if (first <= 21) {
      const operator = first === ESCAPE ? 1200 + view.getUint8(at++) : first;
      entries.set(operator, operands);
      operands = [];
    } else if (first === REAL) {
      let byte = view.getUint8(at++);
      while (byte >> 4 !== END && (byte & END) !== END) byte = view.getUint8(at++);
      if (byte >> 4 === END) view.setUint8(at - 1, 0xff);
      operands.push(NaN);
    } else if (first === 28) {
      operands.push(view.getInt16(at));
      at += 2;
    } else if (first === 29) {
      operands.push(view.getInt32(at));
      at += 4;
    } else if (first <= 246) operands.push(first - 139);
    else {
      const second = view.getUint8(at++);
      operands.push(first <= 250 ? (first - 247) * 256 + second + 108 : -(first - 251) * 256 - second - 108);
    }
  }
  return entries;
}

/** Returns where the parts of an index are, and its end. */
function readIndex(view: DataView, at: number): { parts: [number, number][]; end: number } {
  const count = view.getUint16(at);
  if (count === 0) return { parts: [], end: at + 2 };
  const size = view.getUint8(at + 2);
  const offsetOf = (i: number) => {
    let offset = 0;
    for (let byte = 0; byte < size; byte++) offset = offset * 256 + view.getUint8(at + 3 + size * i + byte);
    return offset;
  };
  const data = at + 2 + size * (count + 1); // offsets begin at 1
  const parts = Array.from({ length: count }, (_, i): [number, number] => [
    data + offsetOf(i),
    data + offsetOf(i + 1),
  ]);
  return { parts, end: data + offsetOf(count) };
}
