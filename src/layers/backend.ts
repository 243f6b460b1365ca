import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { packageVersion } from '../package-version.js';
import { messageOf, unknown } from '../errors.js';
import { type BackendName, backendNames } from './backend-names.js';
import { loadTensors, tf } from './tensors.js';
import { withoutErrorListeners } from './without-error-listeners.js';

interface Backend {
  /** Its name inside tfjs. */
  readonly registered: string;
  readonly package: string;
  readonly load: () => Promise<unknown>;
}

const require = createRequire(import.meta.url);

const backends: Readonly<Record<BackendName, Backend>> = {
  'tfjs-node': {
    registered: 'tensorflow',
    package: '@tensorflow/tfjs-node',
    load: () => import(optionalPackage),
  },
  wasm: {
    registered: 'wasm',
    package: '@tensorflow/tfjs-backend-wasm',
    load: async () => {
      // if WebAssembly is missing or forbidden, tfjs prints misleading advice
      await WebAssembly.compile(emptyModule);
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
    },
  },
  cpu: {
    registered: 'cpu',
    package: '@tensorflow/tfjs-backend-cpu',
    load: () => {
      tf.enableProdMode(); // otherwise its first tensor prints an advertisement for tfjs-node
      return import('@tensorflow/tfjs-backend-cpu');
    },
  },
};

const emptyModule = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

// A variable, so that the compiler does not ask for the types of a package that may not be installed.
const optionalPackage: string = '@tensorflow/tfjs-node';

export interface BackendInUse {
  readonly name: BackendName;
  readonly version: string;
}

/**
 * Activates a tensor backend and returns it. `auto` takes the first of tfjs-node, wasm and cpu that is installed and
 * starts.
 *
 * @throws RangeError for an unknown name; Error, with the cause, if the named backend does not start
 */
export async function useBackend(name: BackendName | 'auto' = 'auto'): Promise<BackendInUse> {
  if (name !== 'auto') {
    if (!backendNames.includes(name)) throw unknown('backend', name, ['auto', ...backendNames]);
    return start(name);
  }
  for (const candidate of backendNames.slice(0, -1)) {
    try {
      return await start(candidate);
    } catch {
      continue; // not installed, or not for this machine: the next one
    }
  }
  return start('cpu');
}

async function start(name: BackendName): Promise<BackendInUse> {
  const { load, registered, package: packageName } = backends[name];
  try {
    await loadTensors();
    await load();
    if (!(await withoutErrorListeners(() => tf.setBackend(registered))))
      throw new Error(`${packageName} did not initialise`);
    await tf.ready();
  } catch (cause) {
    const reason = messageOf(cause).split('\n')[0];
    throw new Error(`backend ${name} does not start: ${reason}`, { cause });
  }
  return { name, version: packageVersion(packageName) };
}
