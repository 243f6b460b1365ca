// What the test calls in a page: the package itself, and the probe there and in a worker.
import * as library from '../../dist/browser.js';
import { resolveEngine } from '../../dist/spectrum/engines.js';
import { probe } from './probe.mjs';

Object.assign(globalThis, {
  rankscope: library,
  resolveEngine,
  probe,
  probeInWorker(matrices) {
    const worker = new globalThis.Worker('/bundle.js');
    return new Promise((resolve, reject) => {
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(matrices);
    });
  },
});
