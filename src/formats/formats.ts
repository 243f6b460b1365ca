import type { Format } from './format.js';
import { safetensorsFormat } from './safetensors/safetensors-format.js';

/** All formats of model files, in the order in which they are asked. */
export const formats: readonly Format[] = [safetensorsFormat];
