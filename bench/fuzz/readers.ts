import type { Reader } from './reader.js';
import { commandReaders } from './readers/command-line.js';
import { imageReaders } from './readers/images.js';
import { matrixReaders } from './readers/matrices.js';
import { modelReaders } from './readers/models.js';
import { networkReaders } from './readers/networks.js';
import { notationReaders } from './readers/notations.js';
import { optionReaders } from './readers/options.js';
import { runReaders } from './readers/runs.js';

/** All ways into rankscope for what a person wrote. */
export const readers: readonly Reader[] = [
  ...matrixReaders,
  ...networkReaders,
  ...modelReaders,
  ...imageReaders,
  ...runReaders,
  ...notationReaders,
  ...optionReaders,
  ...commandReaders,
];
