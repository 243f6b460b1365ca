import { messageOf, unknown } from '../errors.js';
import type { EngineName, SpectrumEngine } from './engine.js';
import { mlMatrixEngine } from './ml-matrix-engine.js';
import { kernelsProblem, prepareKernels } from '../kernels/kernel-instance.js';
import { WasmEngine } from './wasm/wasm-engine.js';

export type { EngineName };

/** The name of an engine, or `auto` for the preferred one that runs here. */
export type EngineChoice = 'auto' | EngineName;

/** The choices, in the order shown to users. */
export const engineChoices: readonly EngineChoice[] = ['auto', 'wasm', 'ml-matrix'];

/** The engine that `auto` takes here. */
export interface StartedEngine {
  readonly name: EngineName;
  /** The reason why the WebAssembly engine is not used; missing if it is. */
  readonly problem?: string | undefined;
}

let wasm: SpectrumEngine | undefined;
let problem: unknown;

/**
 * Starts the WebAssembly engine and returns the engine that `auto` uses from now on. If that is another engine,
 * `problem` says why. The call is optional where WebAssembly compiles synchronously: in Node, in workers, and on the
 * main thread of browsers such as Chromium (up to 8 MB; up to 4 KB before version 115). Elsewhere `auto` means
 * ml-matrix until this resolves, and every `GramSum` after the first needs another call.
 * @example
 * const { name, problem } = await startEngine();
 * if (problem) console.warn(`${name} is used: ${problem}`);
 */
export async function startEngine(): Promise<StartedEngine> {
  try {
    await prepareKernels();
    if (wasm === undefined) {
      wasm = new WasmEngine();
      await prepareKernels(); // a spare instance for a `GramSum`
    }
    problem = undefined;
    return { name: 'wasm' };
  } catch (cause) {
    problem = cause;
    return { name: 'ml-matrix', problem: messageOf(cause) };
  }
}

/**
 * Returns the engine of that name. `auto` is the WebAssembly engine, or ml-matrix if WebAssembly does not start
 * (`engineProblem` says why).
 * @throws RangeError for a name that is not in `engineChoices`, with the list; Error, with the cause, if `wasm` is
 * requested by name and does not start.
 */
export function resolveEngine(choice: EngineChoice = 'auto'): SpectrumEngine {
  if (!engineChoices.includes(choice)) throw unknown('engine', choice, engineChoices);
  if (choice === 'ml-matrix') return mlMatrixEngine;
  const cause = engineProblem();
  if (cause === undefined) return (wasm ??= new WasmEngine());
  if (choice === 'auto') return mlMatrixEngine;
  throw new Error(`engine wasm does not start: ${messageOf(cause)}`, { cause });
}

/** Returns the error that keeps the WebAssembly engine from running here, or undefined if it runs. */
export function engineProblem(): unknown {
  if (wasm === undefined && problem === undefined) problem = kernelsProblem();
  return problem;
}
