import { afterEach, describe, expect, it, vi } from 'vitest';
import { fusedKernels, plainKernels } from '../../src/kernels/kernels.generated.js';

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** An engine whose kernels are chosen anew, as where WebAssembly has no relaxed SIMD if `relaxed` is false. */
async function startedEngine(relaxed: boolean) {
  vi.resetModules();
  if (!relaxed) vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  const compiled = vi.spyOn(WebAssembly, 'Module');
  const { WasmEngine } = await import('../../src/spectrum/wasm/wasm-engine.js');
  const engine = new WasmEngine();
  const [binary] = compiled.mock.calls.at(-1) as unknown as [Uint8Array];
  vi.restoreAllMocks();
  return { engine, binary };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the kernels', () => {
  it('multiply and add in one operation here, in Node 20 as well', async () => {
    const { binary } = await startedEngine(true);
    expect(WebAssembly.validate(bytesOf(fusedKernels))).toBe(true);
    expect(Buffer.from(binary)).toEqual(Buffer.from(bytesOf(fusedKernels)));
  });

  it('are the plain ones where relaxed SIMD is missing, with the same certified ranks', async () => {
    const fused = (await startedEngine(true)).engine;
    const { engine: plain, binary } = await startedEngine(false);
    expect(Buffer.from(binary)).toEqual(Buffer.from(bytesOf(plainKernels)));
    let differ = 0;
    for (const [rows, columns] of [
      [33, 34],
      [120, 90],
      [64, 200],
    ] as const) {
      const data = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(1 + i * i));
      const matrix = { data, rows, columns };
      for (const accuracy of ['gram', 'full'] as const) {
        const [ours, theirs] = [fused, plain].map((engine) => engine.singularValues(matrix, { accuracy }));
        const apart = ours!.values.map((value, i) => Math.abs(value ** 2 - theirs!.values[i]! ** 2));
        const bound = accuracy === 'gram' ? 2 * ours!.relativeError * ours!.values[0]! ** 2 : 1e-10;
        expect(Math.max(...apart)).toBeLessThanOrEqual(bound);
        differ += apart.filter((distance) => distance > 0).length;
      }
      const threshold = { absolute: 0, relative: 0.1 };
      const [ours, theirs] = [fused, plain].map((engine) => engine.certifiedCount(matrix, threshold));
      expect(ours!.certified && theirs!.certified).toBe(true);
      expect(ours!.rank).toBe(theirs!.rank);
    }
    expect(differ, 'the two are not the same code').toBeGreaterThan(0);
  });
});
