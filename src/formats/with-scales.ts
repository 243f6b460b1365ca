import type { ModelFile } from './model-file.js';

/** Returns the model with scales applied. */
export function withScales(model: ModelFile): ModelFile {
  return model;
}
