import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** Returns the version of an installed package, or of rankscope itself. */
export function packageVersion(name: string): string {
  // by walking up from the entry point: a package may not export its package.json
  let folder = dirname(name === 'rankscope' ? fileURLToPath(import.meta.url) : require.resolve(name));
  for (;;) {
    const { name: found, version } = readPackage(folder);
    if (found === name && version) return version;
    if (dirname(folder) === folder) throw new Error(`missing package.json of ${name}`);
    folder = dirname(folder);
  }
}

function readPackage(folder: string): { name?: string | undefined; version?: string | undefined } {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name?: string | undefined;
      version?: string | undefined;
    };
  } catch {
    return {}; // this folder has no package.json
  }
}
