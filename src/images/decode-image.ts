import { imageFormat, otherFormat } from './image-format.js';
import { jpegFrame, withKnownHeaders } from './jpeg-frame.js';
import { loadSharp } from './load-sharp.js';
import type { Pixels } from './pixels.js';

/** Maximum number of pixels of an image; decoding it takes 0.8 GB. */
export const MAX_PIXELS = 2 ** 28;

/**
 * Supported JPEG frames: Huffman or arithmetic coding, in one or several scans. Other frames are lossless or
 * hierarchical.
 */
const JPEG_PROCESSES = [0xc0, 0xc1, 0xc2, 0xc9, 0xca];

/**
 * Returns the pixels of a PNG, JPEG or WebP file, recognised by its first bytes. Values are those stored: no colour
 * profile, gamma or orientation is applied, and transparency is ignored. Grey becomes colour, CMYK becomes (255 -
 * C)(255 - K) / 255, 16-bit values keep their upper 8 bits, and an animation gives its first image.
 *
 * @throws Error that names the problem: a file that is cut off, corrupt, of another format, or has more than 2^28
 * pixels
 */
export async function decodeImage(bytes: Uint8Array): Promise<Pixels> {
  const readable = checkedFile(bytes);
  const sharp = await loadSharp();
  try {
    const image = sharp(readable, { failOn: 'warning', ignoreIcc: true, limitInputPixels: false });
    const { width, height, space } = await image.metadata();
    if (width * height > MAX_PIXELS) {
      throw new Refusal(
        `it has ${width} x ${height} pixels; at most ${MAX_PIXELS.toLocaleString('en-US')} are decoded`,
      );
    }
    // without this the decoder would convert CMYK by its own colour profile
    if (space === 'cmyk') image.pipelineColourspace('cmyk').toColourspace('cmyk');
    else image.removeAlpha().toColourspace('srgb');
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { width, height, data: toColour(data, width * height, info.channels) };
  } catch (cause) {
    throw cause instanceof Refusal ? cause : new Error(complaint((cause as Error).message), { cause });
  }
}

class Refusal extends Error {}

/**
 * Returns the bytes for the decoder.
 * @throws Error for files that the decoder would accept, or refuse without a clear message
 */
function checkedFile(bytes: Uint8Array): Uint8Array {
  const format = imageFormat(bytes);
  if (bytes.length === 0) throw new Error('it is empty');
  if (format === undefined) {
    const other = otherFormat(bytes);
    throw new Error(`it is ${other ? `${other}, ` : ''}not a PNG, JPEG or WebP`);
  }
  if (format === 'PNG' && !hasEnd(bytes)) throw new Error('it is cut off');
  if (format === 'WebP' && viewOf(bytes).getUint32(4, true) + 8 > bytes.length)
    throw new Error('it is cut off');
  const frame = format === 'JPEG' ? jpegFrame(bytes) : undefined;
  if (frame && !JPEG_PROCESSES.includes(frame.process))
    throw new Error('it is a lossless or hierarchical JPEG; baseline and progressive ones are read');
  if (frame && frame.precision !== 8)
    throw new Error(`it is a JPEG of ${frame.precision} bits per channel; those of 8 are read`);
  return frame ? withKnownHeaders(bytes, frame) : bytes;
}

/** Returns true if the chunks of a PNG lead to its end chunk. */
function hasEnd(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  const IEND = 0x49454e44;
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at))
    if (view.getUint32(at + 4) === IEND) return true;
  return false;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Returns red, green and blue of each pixel; CMYK is converted in place. */
function toColour(data: Uint8Array, pixels: number, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data.buffer, data.byteOffset, 3 * pixels);
  const colour = channels === 4 ? data : new Uint8Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    const black = channels === 4 ? data[4 * i + 3]! : 0;
    for (let c = 0; c < 3; c++) {
      colour[3 * i + c] =
        channels === 4 ? Math.round(((255 - data[4 * i + c]!) * (255 - black)) / 255) : data[channels * i]!;
    }
  }
  return new Uint8Array(colour.buffer, colour.byteOffset, 3 * pixels);
}

/** Returns the decoder's message, with each line once and without the names of its parts. */
function complaint(message: string): string {
  if (/premature end of JPEG image/.test(message)) return 'it is cut off';
  if (/memory/i.test(message)) return 'there is not enough memory to decode it';
  const parts =
    /^(Input buffer has corrupt header:|Warning treated as error due to failOn setting|[\w#]+: )\s*/i;
  const lines = message.split('\n').map((line) => line.replace(parts, '').replace(parts, '').trim());
  return `it is corrupt: ${[...new Set(lines.filter((line) => line !== ''))].join('; ') || 'its header'}`;
}
