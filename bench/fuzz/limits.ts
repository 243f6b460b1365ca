import { Worker } from 'node:worker_threads';

export interface Limits {
  /** Seconds of processor time of a case. */
  readonly seconds: number;
  /** Bytes of memory above those at the case's start. */
  readonly bytes: number;
}

/** What a case took. */
export interface Used {
  readonly seconds: number;
  readonly memory: number;
}

/**
 * Watches this process from a thread of its own, which no loop of the main thread stops. A case beyond its limits is
 * written to standard error, and the process killed.
 */
export function watchLimits(limits: Limits): { begin(): void; end(): Used } {
  // the number of the case, 0 between cases; the most memory seen, in MiB
  const shared = new Int32Array(new SharedArrayBuffer(8));
  new Worker(thread, { eval: true, workerData: { shared, limits } }).unref();
  let cases = 0;
  let cpu = process.cpuUsage();
  let memory = 0;
  return {
    begin: () => {
      cpu = process.cpuUsage();
      memory = process.memoryUsage.rss();
      Atomics.store(shared, 1, 0);
      Atomics.store(shared, 0, ++cases);
    },
    end: () => {
      Atomics.store(shared, 0, 0);
      const { user, system } = process.cpuUsage(cpu);
      const seen = Math.max(Atomics.load(shared, 1) * 2 ** 20, process.memoryUsage.rss());
      return { seconds: (user + system) / 1e6, memory: Math.max(0, seen - memory) };
    },
  };
}

/** Milliseconds between two looks. */
const TICK = 20;

const thread = `
const { writeSync } = require('node:fs');
const { workerData: { shared, limits } } = require('node:worker_threads');
let watched = 0, cpu, memory;
const rss = () => process.memoryUsage.rss();
const stop = (why) => {
  writeSync(2, why + '\\n');
  process.kill(process.pid, 'SIGKILL');
};
setInterval(() => {
  const now = Atomics.load(shared, 0);
  if (now === 0) return;
  if (now !== watched) [watched, cpu, memory] = [now, process.cpuUsage(), rss()];
  const used = process.cpuUsage(cpu);
  const seconds = (used.user + used.system) / 1e6;
  const grown = rss() - memory;
  Atomics.store(shared, 1, Math.round(rss() / 2 ** 20));
  if (seconds > limits.seconds) stop('takes more than ' + limits.seconds + ' s of processor time');
  if (grown > limits.bytes) stop('takes more than ' + limits.bytes / 2 ** 20 + ' MiB of memory');
}, ${TICK});
`;
