import type { Format } from './format.js';
import { hdf5Format } from './keras/keras-format.js';
import { npyFormat } from './numpy/npz-format.js';
import { onnxFormat } from './onnx/onnx-format.js';
import { safetensorsFormat } from './safetensors/safetensors-format.js';
import { tfjsFormat } from './tfjs/tfjs-format.js';
import { torchLegacyFormat } from './torch/torch-legacy.js';
import { zipFormat } from './zip/zip-format.js';

/** All formats of model files, in the order in which they are tried. Those known by their first bytes come first. */
export const formats: readonly Format[] = [
  zipFormat,
  hdf5Format,
  npyFormat,
  safetensorsFormat,
  tfjsFormat,
  onnxFormat,
  torchLegacyFormat,
];
