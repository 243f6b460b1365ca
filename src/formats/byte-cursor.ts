import { invalid } from '../errors.js';
import type { ByteSource } from './byte-source.js';

const WINDOW = 2 ** 16;

/** Reads a source from front to back, in windows. */
export class ByteCursor {
  private window: Uint8Array = new Uint8Array();
  private from = 0;

  constructor(
    private readonly source: ByteSource,
    /** The place of the next byte. */
    public at = 0,
  ) {}

  byte(): number {
    if (this.at >= this.from + this.window.length || this.at < this.from) {
      if (this.at >= this.source.size) throw this.truncated();
      this.from = this.at;
      this.window = this.source.read(this.from, Math.min(WINDOW, this.source.size - this.from));
    }
    return this.window[this.at++ - this.from]!;
  }

  /** Returns `length` bytes, at most `max`. */
  bytes(length: number, max: number): Uint8Array {
    if (length > max || length < 0) throw invalid('length in a pickle', length, `at most ${max}`);
    if (this.at + length > this.source.size) throw this.truncated();
    const start = this.at - this.from;
    this.at += length;
    if (start >= 0 && start + length <= this.window.length) return this.window.slice(start, start + length);
    return this.source.read(this.at - length, length).slice();
  }

  /** Returns the bytes up to the next line feed, at most `max`. */
  line(max: number): Uint8Array {
    const start = this.at;
    while (this.byte() !== 10)
      if (this.at - start > max) throw invalid('line in a pickle', `over ${max} bytes`, `at most ${max}`);
    const end = this.at;
    this.at = start;
    const line = this.bytes(end - 1 - start, max);
    this.at = end;
    return line;
  }

  /** Returns an unsigned little-endian integer. */
  integer(size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value += this.byte() * 256 ** i;
    return value;
  }

  private truncated(): RangeError {
    return invalid('pickle', `ends after ${this.source.size} bytes`, 'a whole one; is it truncated?');
  }
}
