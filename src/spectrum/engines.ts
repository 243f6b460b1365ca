import { unknown } from '../errors.js';
import type { SpectrumEngine } from './engine.js';
import { mlMatrixEngine } from './ml-matrix-engine.js';
import { WasmEngine, wasmProblem } from './wasm/wasm-engine.js';

/** The name of an engine, the preferred one first. */
export type EngineName = 'wasm' | 'ml-matrix';

/** An engine by name, or `auto`: the preferred one that runs here. */
export type EngineChoice = 'auto' | EngineName;

/** The choices, in the order they are shown to a user. */
export const engineChoices: readonly EngineChoice[] = ['auto', 'wasm', 'ml-matrix'];

let wasm: SpectrumEngine | undefined;
let problem: unknown;

/**
 * Returns the engine of that name; for `auto` the WebAssembly one, or ml-matrix where WebAssembly does not start
 * (`engineProblem` says why).
 * @throws RangeError for a name that is not in `engineChoices`, with the list; Error, with the cause, if `wasm` is
 * asked for by name and does not start.
 */
export function resolveEngine(choice: EngineChoice = 'auto'): SpectrumEngine {
  if (!engineChoices.includes(choice)) throw unknown('engine', choice, engineChoices);
  if (choice === 'ml-matrix') return mlMatrixEngine;
  const cause = engineProblem();
  if (cause === undefined) return (wasm ??= new WasmEngine());
  if (choice === 'auto') return mlMatrixEngine;
  throw new Error(`engine wasm does not start: ${describe(cause)}`, { cause });
}

/** Returns what keeps the WebAssembly engine from running here, or undefined when nothing does. */
export function engineProblem(): unknown {
  if (wasm === undefined && problem === undefined) problem = wasmProblem();
  return problem;
}

function describe(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
