import { AsyncLocalStorage } from 'node:async_hooks';

const starting = new AsyncLocalStorage<true>();
const errorEvents: readonly unknown[] = ['uncaughtException', 'unhandledRejection'];
let open = 0;

/**
 * Returns the result of `start`, and ignores listeners for uncaught errors that it adds to the process.
 *
 * Emscripten adds two that rethrow the error. In a REPL the first cannot be added, which stopped the WebAssembly
 * backend; in a script they changed how a user's error ends the process. Listeners that other code adds in the meantime
 * are kept: only calls from within `start` are ignored, even after any number of awaits.
 */
export async function withoutErrorListeners<T>(start: () => Promise<T>): Promise<T> {
  if (open++ === 0) ignoreErrorListeners();
  try {
    return await starting.run(true, start);
  } finally {
    if (--open === 0) restore();
  }
}

let restore = () => {};

function ignoreErrorListeners(): void {
  const own = Object.getOwnPropertyDescriptor(process, 'on');
  const { on } = process;
  const patched = function (this: NodeJS.Process, ...args: Parameters<typeof process.on>) {
    return starting.getStore() && errorEvents.includes(args[0]) ? this : on.apply(this, args);
  } as typeof process.on;
  process.on = patched;
  restore = () => {
    if (process.on !== patched) return; // replaced by other code, which calls ours
    if (own) Object.defineProperty(process, 'on', own);
    else Reflect.deleteProperty(process, 'on');
  };
}
