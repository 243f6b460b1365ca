/** A tensor backend, best first: native TensorFlow (optional package), WebAssembly, plain JavaScript. */
export type BackendName = (typeof backendNames)[number];

// separate from `useBackend`, so that code that only lists or checks names does not load tensors
export const backendNames = ['tfjs-node', 'wasm', 'cpu'] as const;
