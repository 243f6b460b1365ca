import { writeFileSync } from 'node:fs';
import { inputOf } from '../../bench/fuzz/input.js';
import type { Reader } from '../../bench/fuzz/reader.js';

const planted: Readonly<Record<string, () => unknown>> = {
  loops: () => {
    for (;;);
  },
  grows: () => {
    const held: Buffer[] = [];
    for (;;) held.push(Buffer.alloc(2 ** 24, held.length));
  },
  crashes: () => process.abort(),
  exits: () => process.exit(0),
  destroys: () => writeFileSync('notes.txt', ''),
  accepts: () => ({ mean: NaN }),
  blames: () => (undefined as unknown as { rows: number }).rows,
  answers: () => 1,
};

/** Readers with one fault each, but for the last. */
export const readers: readonly Reader[] = Object.entries(planted).map(([name, read]) => ({
  name,
  seeds: () => [{ input: inputOf({ 'notes.txt': 'mine', 'a.bin': 'a' }), answer: 1 }],
  read: () => Promise.resolve().then(read),
}));
