import type { Stream } from '../../src/random/stream.js';
import type { Input } from './input.js';

/** One way into rankscope for what a person wrote, and how to try it. */
export interface Reader {
  readonly name: string;
  /** Returns small valid inputs, the same every time; asked for once a process. */
  seeds(): Promise<readonly Seed[]> | readonly Seed[];
  /**
   * Reads the files of the working directory, or the words, and returns the answer as plain data. It throws
   * `WrongAnswer` for one that cannot be right.
   */
  read(words: readonly string[]): Promise<unknown>;
  /** Returns an input of the same meaning. */
  rewrite?(stream: Stream, input: Input): Input;
  /** Returns the file with its lengths and checksums right again, so that what is behind them is reached. */
  repair?(path: string, bytes: Uint8Array): Uint8Array;
  /**
   * Whether a file is protected by a checksum. If only such files are changed, the reader may give the seed's answer or
   * none.
   */
  isProtected?(path: string, input: Input): boolean;
  /** What reading may change of the input's files; by default nothing. */
  mayChange?(path: string, words: readonly string[]): boolean;
  /** Whether a complaint has to name the file or folder. @default whether the seeds have files and no words */
  readonly named?: boolean;
  /** Whether a complaint may quote what an engine says of a person's own code. @default false */
  readonly quotes?: boolean;
}

export interface Seed {
  readonly input: Input;
  /** The right answer where it is known without the reader. */
  readonly answer?: unknown;
}

/** An answer that cannot be right. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';
}

/** A complaint of a program, which has no class. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
}
