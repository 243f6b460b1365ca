import type { ByteSource } from './byte-source.js';
import type { FormatName, ModelFile } from './model-file.js';

/** The properties of a file that decide its format. */
export interface FirstLook {
  /** The first bytes, up to 64 kB. */
  readonly bytes: Uint8Array;
  /** Bytes of the file. */
  readonly size: number;
  /** Its name in lower case; '' for standard input. */
  readonly name: string;
  /** Names of the entries of a zip archive, else undefined. */
  readonly entries?: readonly string[] | undefined;
}

/** A format of model files: how it is recognised and how it is opened. */
export interface Format {
  readonly name: string;
  /** The name of the format in lists of allowed formats. */
  readonly label: string;
  matches(look: FirstLook): boolean;
  /** @throws RangeError for a file that is damaged */
  open(source: ByteSource): ModelFile | Promise<ModelFile>;
}

/** A model file as a format's reader returns it: without the path, closing what it opened itself. */
export type { FormatName, ModelFile };
