import { engineProblem } from '../../spectrum/engines.js';

/** Returns a line that explains why the slower engine was used without being requested, or undefined. */
export function engineNote(used: string | null): string | undefined {
  const cause = used === 'ml-matrix' ? engineProblem() : undefined;
  if (cause === undefined) return undefined;
  return `WebAssembly does not start here (${String(cause)}): the ml-matrix engine was used, which proves no rank`;
}
