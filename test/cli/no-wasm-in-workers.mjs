// Preloaded by a test: as no-wasm.mjs, but only worker threads cannot compile WebAssembly.
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) await import('./no-wasm.mjs');
