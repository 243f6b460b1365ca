import { expect, test } from 'vitest';
import { withoutErrorListeners } from '../../src/layers/without-error-listeners.js';

const ignored = () => {};
const kept = () => {};
const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

test('ignores the listeners for uncaught errors that a start adds, and keeps those of others meanwhile', async () => {
  const { on } = process;
  const before = process.listeners('uncaughtException');
  const started = withoutErrorListeners(async () => {
    await pause();
    process.on('uncaughtException', ignored).on('unhandledRejection', ignored);
    process.on('warning', ignored);
    return 1;
  });
  const other = withoutErrorListeners(pause);
  process.on('uncaughtException', kept);
  expect(await started).toBe(1);
  await other;
  expect(process.listeners('uncaughtException')).toEqual([...before, kept]);
  expect(process.listeners('unhandledRejection')).not.toContain(ignored);
  expect(process.listeners('warning')).toContain(ignored);
  process.off('uncaughtException', kept).off('warning', ignored);
  expect(process.on).toBe(on);
  expect(Object.hasOwn(process, 'on')).toBe(false);
});

test('passes the error of a start on, and ends with the process as it was', async () => {
  const { on } = process;
  await expect(withoutErrorListeners(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(process.on).toBe(on);
});
