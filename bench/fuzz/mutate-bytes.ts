import { latin1 } from '../../src/files/latin1.js';
import { nextInteger } from '../../src/random/distributions.js';
import type { Stream } from '../../src/random/stream.js';
import { pick, randomBytes } from './choices.js';

/**
 * Returns bytes that differ from the given ones in one place. Bits are flipped; a block is cut, zeroed, doubled, moved
 * or random; a number is replaced by an extreme one; or a part is that of another file.
 * @param others files to take parts of
 */
export function mutateBytes(stream: Stream, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  return pick(stream, mutations)(stream, bytes, others);
}

type Mutation = (stream: Stream, bytes: Uint8Array, others: readonly Uint8Array[]) => Uint8Array;

const mutations: readonly Mutation[] = [
  flipBits,
  flipBits,
  truncate,
  (stream, bytes) => spliced(bytes, ...block(stream, bytes), new Uint8Array()),
  (stream, bytes) => doubled(bytes, ...block(stream, bytes)),
  (stream, bytes) => zeroed(bytes, ...block(stream, bytes)),
  (stream, bytes) => insert(stream, bytes, randomBytes(stream, nextInteger(stream, 1, 64))),
  (stream, bytes) => insert(stream, bytes, encode(pick(stream, oddTexts))),
  crossed,
  extremeNumber,
  extremeNumber,
  extremeDigits,
];

/** Text that readers of text trip over. */
const oddTexts = [
  ...[
    'nan',
    'inf',
    '-',
    '"',
    "'",
    ',',
    ';',
    '\t',
    '\r',
    '\n',
    '\n\n',
    '#',
    '\0',
    '\ufeff',
    '\u2028',
    '{',
    ']',
    '\\',
  ],
  ...['NA', '1e999', '0x1p3', '1,5', '...', 'é', '💥', '\ud800', ' '.repeat(5000), '9'.repeat(400)],
];

const encode = (text: string) => new TextEncoder().encode(text);

function flipBits(stream: Stream, bytes: Uint8Array): Uint8Array {
  const out = bytes.slice();
  for (let count = nextInteger(stream, 1, 3); count > 0 && out.length > 0; count--)
    out[place(stream, out)]! ^= 1 << nextInteger(stream, 0, 7);
  return out;
}

/** Returns where to change something: half of the time among the first 256 bytes, where headers are. */
function place(stream: Stream, bytes: Uint8Array): number {
  const end = nextInteger(stream, 0, 1) ? bytes.length : Math.min(256, bytes.length);
  return end < 2 ? 0 : nextInteger(stream, 0, end - 1);
}

function block(stream: Stream, bytes: Uint8Array): [from: number, to: number] {
  const from = place(stream, bytes);
  const length = nextInteger(stream, 1, pick(stream, [4, 64, 4096]));
  return [from, Math.min(bytes.length, from + length)];
}

function truncate(stream: Stream, bytes: Uint8Array): Uint8Array {
  return bytes.slice(0, bytes.length === 0 ? 0 : nextInteger(stream, 0, bytes.length - 1));
}

function spliced(bytes: Uint8Array, from: number, to: number, middle: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)]));
}

function doubled(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return spliced(bytes, to, to, bytes.subarray(from, to));
}

function zeroed(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return bytes.slice().fill(0, from, to);
}

function insert(stream: Stream, bytes: Uint8Array, middle: Uint8Array): Uint8Array {
  const at = place(stream, bytes);
  return spliced(bytes, at, at, middle);
}

/** Goes on as another file. */
function crossed(stream: Stream, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const other = others.length > 0 ? pick(stream, others) : bytes;
  const [from, to] = block(stream, bytes);
  const [start, end] = nextInteger(stream, 0, 1)
    ? block(stream, other)
    : [place(stream, other), other.length];
  return spliced(bytes, from, end === other.length ? bytes.length : to, other.subarray(start, end));
}

/**
 * Writes an extreme binary number of 1 to 8 bytes, in either byte order. Extremes are zero, one, both signs, infinities
 * and NaN.
 */
function extremeNumber(stream: Stream, bytes: Uint8Array): Uint8Array {
  const out = bytes.slice();
  const size = pick(stream, [1, 2, 4, 8]);
  const number = encodeNumber(stream, size);
  const at = place(stream, out);
  out.set(number.subarray(0, Math.max(0, out.length - at)), Math.floor(at / size) * size);
  return out;
}

function encodeNumber(stream: Stream, size: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  const whole = pick(stream, [0n, 1n, 2n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0xffffffffn]);
  const numbers: (() => void)[] = [
    () => view.setBigUint64(0, whole, true),
    () => view.setBigInt64(0, -1n, true),
    () => view.setBigUint64(0, pick(stream, [2n ** 53n, 2n ** 63n, 2n ** 62n - 1n]), true),
    () =>
      (size === 4 ? view.setFloat32 : view.setFloat64).call(
        view,
        0,
        pick(stream, [NaN, Infinity, 1e30, -0]),
        true,
      ),
  ];
  pick(stream, numbers)();
  const bytes = new Uint8Array(view.buffer, 0, size).slice();
  return nextInteger(stream, 0, 1) ? bytes : bytes.reverse();
}

/** Replaces a number that is written in digits. */
function extremeDigits(stream: Stream, bytes: Uint8Array): Uint8Array {
  const text = latin1(bytes.subarray(0, 1 << 16));
  const runs = [...text.matchAll(/-?\d[\d.]*/g)].slice(0, 2000);
  if (runs.length === 0) return flipBits(stream, bytes);
  const { index, 0: run } = pick(stream, runs);
  return spliced(bytes, index, index + run.length, encode(pick(stream, extremes)));
}

const extremes = [
  ...['0', '-1', '1', '2', '3.5', '65535', '2147483647', '4294967296', '9007199254740993', '1e308', '1e309'],
  ...['18446744073709551616', '9'.repeat(30), '-0', '00', '1e-400', 'NaN', ''],
];
