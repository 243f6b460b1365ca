import { engineProblem } from '../../spectrum/engines.js';

/** Returns the line that says why the slower engine was used, where nobody asked for it; else undefined. */
export function engineNote(used: string | null): string | undefined {
  const cause = used === 'ml-matrix' ? engineProblem() : undefined;
  if (cause === undefined) return undefined;
  return `WebAssembly does not start here (${String(cause)}): the ml-matrix engine was used, which proves no rank`;
}
