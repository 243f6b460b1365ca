import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import type { Pixels } from './pixels.js';

/**
 * Returns the pixels of a PNG or JPEG file. The format is read from its first bytes, not from its name; grey becomes
 * colour, transparency and the orientation a camera noted are left out.
 *
 * @throws Error that says what is wrong with the file
 */
export function decodeImage(bytes: Uint8Array): Pixels {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47])) return decodePng(bytes);
  if (startsWith(bytes, [0xff, 0xd8])) return decodeJpeg(bytes);
  throw new Error(bytes.length === 0 ? 'it is empty' : 'it is neither PNG nor JPEG');
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function decodePng(bytes: Uint8Array): Pixels {
  const { width, height, data } = readPng(bytes);
  const colour = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) colour[3 * i + c] = data[4 * i + c]!;
  }
  return { width, height, data: colour };
}

function readPng(bytes: Uint8Array): PNG {
  try {
    return PNG.sync.read(Buffer.from(bytes));
  } catch (cause) {
    // what the decoder says when the file ends too early
    const cut = /read requests|end of (file|stream|data)|unexpected end|incomplete/i.test(
      (cause as Error).message,
    );
    throw cut ? new Error('it is cut off', { cause }) : cause;
  }
}

function decodeJpeg(bytes: Uint8Array): Pixels {
  // the decoder fills what is missing with grey and says nothing; every whole file has the marker of its end
  if (!hasEnd(bytes)) throw new Error('it is cut off');
  const options = { useTArray: true, formatAsRGBA: false, tolerantDecoding: false } as const;
  const { width, height, data } = jpeg.decode(bytes, options);
  return { width, height, data };
}

/** Whether the marker of the end is there, be it before bytes that some cameras append. */
function hasEnd(bytes: Uint8Array): boolean {
  for (let i = bytes.length - 2; i > 1; i--) if (bytes[i] === 0xff && bytes[i + 1] === 0xd9) return true;
  return false;
}
