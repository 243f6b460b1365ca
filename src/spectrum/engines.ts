import { messageOf, unknown } from '../errors.js';
import type { EngineName, SpectrumEngine } from './engine.js';
import { mlMatrixEngine } from './ml-matrix-engine.js';
import { kernelsProblem, prepareKernels } from '../kernels/kernel-instance.js';
import { WasmEngine } from './wasm/wasm-engine.js';

export type { EngineName };

/** An engine by name, or `auto`: the preferred one that runs here. */
export type EngineChoice = 'auto' | EngineName;

/** The choices, in the order they are shown to a user. */
export const engineChoices: readonly EngineChoice[] = ['auto', 'wasm', 'ml-matrix'];

/** The engine that `auto` takes here. */
export interface StartedEngine {
  readonly name: EngineName;
  /** Why it is not the WebAssembly engine, if it is not. */
  readonly problem?: string;
}

let wasm: SpectrumEngine | undefined;
let problem: unknown;

/**
 * Starts the WebAssembly engine and returns which engine `auto` takes from now on, with the reason where it is not
 * that one. Nobody has to wait for this in Node, in a worker, or in a browser whose main thread compiles WebAssembly
 * at once (Chromium up to 8 MB, before version 115 up to 4 KB). Elsewhere `auto` means ml-matrix until this is done, and
 * every `GramSum` after the first needs another call.
 * @example
 * const { name, problem } = await startEngine();
 * if (problem) console.warn(`${name} is used: ${problem}`);
 */
export async function startEngine(): Promise<StartedEngine> {
  try {
    await prepareKernels();
    if (wasm === undefined) {
      wasm = new WasmEngine();
      await prepareKernels(); // one more, for a `GramSum`
    }
    problem = undefined;
    return { name: 'wasm' };
  } catch (cause) {
    problem = cause;
    return { name: 'ml-matrix', problem: messageOf(cause) };
  }
}

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
  throw new Error(`engine wasm does not start: ${messageOf(cause)}`, { cause });
}

/** Returns what keeps the WebAssembly engine from running here, or undefined when nothing does. */
export function engineProblem(): unknown {
  if (wasm === undefined && problem === undefined) problem = kernelsProblem();
  return problem;
}
