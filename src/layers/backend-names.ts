/** A tensor backend, best first: native TensorFlow (optional package), WebAssembly, plain JavaScript. */
export type BackendName = (typeof backendNames)[number];

// apart from `useBackend`, so that what only lists or checks names need not load tensors
export const backendNames = ['tfjs-node', 'wasm', 'cpu'] as const;
