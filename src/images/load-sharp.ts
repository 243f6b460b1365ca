import type sharp from 'sharp';
import { reasonOf } from '../files/reason.js';

/**
 * Returns the image decoder (libvips), loaded on first use.
 * @throws Error that says how to install it, if it is missing on this platform
 */
export async function loadSharp(): Promise<typeof sharp> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    const reason = reasonOf(cause).split('\n')[0];
    const remedy = 'npm install --include=optional sharp; elsewhere: npm install sharp @img/sharp-wasm32';
    throw new Error(
      `the image decoder sharp cannot be loaded on ${process.platform}-${process.arch}: ${reason} (${remedy})`,
      { cause },
    );
  }
}
