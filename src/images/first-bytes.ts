import { open } from 'node:fs/promises';

/** Enough bytes to recognise every format. */
const LENGTH = 512;

/** Returns the first 512 bytes of a file, or all of a shorter file. */
export async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(LENGTH);
    const { bytesRead } = await file.read(bytes, 0, LENGTH, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
