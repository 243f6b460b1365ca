import { unknown } from '../errors.js';
import type { SpectrumEngine } from './engine.js';
import { mlMatrixEngine } from './ml-matrix-engine.js';

/** The engines by name, the preferred one first: `auto` takes it. */
export const engines = {
  'ml-matrix': mlMatrixEngine,
} as const satisfies Record<string, SpectrumEngine>;

/** The name of an engine. */
export type EngineName = keyof typeof engines;

/** An engine by name, or `auto`: the preferred one. */
export type EngineChoice = 'auto' | EngineName;

/** The choices, in the order they are shown to a user. */
export const engineChoices: readonly EngineChoice[] = ['auto', ...(Object.keys(engines) as EngineName[])];

/**
 * Returns the engine of that name, or the preferred one for `auto`.
 * @throws RangeError for a name that is not in `engineChoices`, with the list.
 */
export function resolveEngine(choice: EngineChoice = 'auto'): SpectrumEngine {
  if (!engineChoices.includes(choice)) throw unknown('engine', choice, engineChoices);
  const [preferred] = Object.values(engines) as [SpectrumEngine];
  return choice === 'auto' ? preferred : engines[choice];
}
