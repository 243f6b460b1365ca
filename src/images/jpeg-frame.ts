/** The frame header of a JPEG: its marker (0xc0 to 0xcf, the coding process) and its bits per channel. */
export interface JpegFrame {
  readonly process: number;
  readonly precision: number;
}

/** Returns the frame header of a JPEG, or undefined if the file ends or its data begins before one. */
export function jpegFrame(bytes: Uint8Array): JpegFrame | undefined {
  let at = 2;
  while (at + 4 < bytes.length) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker === 0xff) at++;
    else if (marker === SCAN || marker === END) return undefined;
    else if (isFrame(marker)) return { process: marker, precision: bytes[at + 4]! };
    else at += 2 + (bytes[at + 2]! << 8) + bytes[at + 3]!;
  }
  return undefined;
}

const SCAN = 0xda;
const END = 0xd9;
/** Markers among those of frames that define tables or are reserved. */
const NOT_FRAMES = [0xc4, 0xc8, 0xcc];

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && !NOT_FRAMES.includes(marker);
}
