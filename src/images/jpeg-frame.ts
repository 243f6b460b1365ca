/** The frame header of a JPEG. Its marker, 0xc0 to 0xcf, is the coding process; `precision` is in bits per channel. */
export interface JpegFrame {
  readonly process: number;
  readonly precision: number;
  readonly channels: number;
}

/** Returns the frame header of a JPEG, or undefined if the file ends or its data begins before one. */
export function jpegFrame(bytes: Uint8Array): JpegFrame | undefined {
  for (const { marker, at } of segments(bytes))
    if (isFrame(marker)) return { process: marker, precision: bytes[at]!, channels: bytes[at + 5]! };
  return undefined;
}

/**
 * Returns the bytes of a JPEG without what decoders warn of and then pass over. An unknown version of JFIF becomes 1, and an
 * unknown colour transform of Adobe the usual one, YCbCr or YCCK.
 */
export function withKnownHeaders(bytes: Uint8Array, { channels }: JpegFrame): Uint8Array {
  const known = Uint8Array.from(bytes);
  const usual = channels === 4 ? 2 : 1;
  for (const { marker, at } of segments(bytes)) {
    if (isFrame(marker)) break;
    if (marker === 0xe0 && startsWith(bytes, at, 'JFIF\0')) known[at + 5] = 1;
    const transform = at + 11;
    if (marker === 0xee && startsWith(bytes, at, 'Adobe') && bytes[transform] !== 0) known[transform] = usual;
  }
  return known;
}

/** Yields the markers before the data, each with the place of what it holds. */
function* segments(bytes: Uint8Array): Generator<{ readonly marker: number; readonly at: number }> {
  let at = 2;
  while (at + 4 < bytes.length) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker === 0xff) at++;
    else if (marker === SCAN || marker === END) return;
    else {
      yield { marker, at: at + 4 };
      at += 2 + (bytes[at + 2]! << 8) + bytes[at + 3]!;
    }
  }
}

const startsWith = (bytes: Uint8Array, at: number, text: string) =>
  Array.from(text, (letter) => letter.charCodeAt(0)).every((code, k) => bytes[at + k] === code);

const SCAN = 0xda;
const END = 0xd9;
/** Markers among those of frames that define tables or are reserved. */
const NOT_FRAMES = [0xc4, 0xc8, 0xcc];

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && !NOT_FRAMES.includes(marker);
}
