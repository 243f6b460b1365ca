import { invalid } from '../errors.js';
import type { ImageCollection } from './image-source.js';

/** Returns the collection with checks of its arguments: number of images, range, resolution and channels. */
export function checkedCollection(collection: ImageCollection): ImageCollection {
  const { available, select } = collection;
  return {
    ...collection,
    select: async (count) => {
      checkCount('number of images', count, available);
      const source = await select(count);
      return {
        ...source,
        read: async (from, many, resolution, channels, scale) => {
          if (from !== 0) checkCount('first image', from, source.count - 1);
          checkCount('number of images', many, source.count - from);
          checkCount('resolution', resolution);
          if (channels !== undefined) checkCount('channels', channels);
          return source.read(from, many, resolution, channels, scale);
        },
      };
    },
  };
}

function checkCount(thing: string, value: number, max = Infinity): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > max)
    throw invalid(thing, value, `a whole number from 1${Number.isFinite(max) ? ` to ${max}` : ''}`);
}
