/**
 * Twelve independent chains that never leave the registers: multiply-adds, or multiplies and adds. The factors are
 * arguments: constants would be made anew at every use by some versions of the compiler.
 */
const source = (fused: boolean) => `export function spin(count: i32, x: f64, y: f64): f64 {
  const a = f64x2.splat(x), b = f64x2.splat(y);
  ${names((i) => `let c${i} = f64x2.splat(${i}), d${i} = f64x2.splat(1 + ${i} / 8);`)}
  for (let k = 0; k < count; k++) {
    ${names((i) => (fused ? `d${i} = f64x2.relaxed_madd(a, b, d${i}); c${i} = f64x2.relaxed_madd(b, a, c${i});` : `d${i} = f64x2.mul(d${i}, a); c${i} = f64x2.add(c${i}, b);`))}
  }
  return ${Array.from({ length: 6 }, (_, i) => `f64x2.extract_lane(c${i}, 0) + f64x2.extract_lane(d${i}, 0)`).join(' + ')};
}`;

/** Many short calls: a loop is not recompiled while it runs. */
const CALLS = 2000;
const STEPS = 500;

function names(each: (index: number) => string): string {
  return Array.from({ length: 6 }, (_, i) => each(i)).join('\n');
}

/** The best rate of 128-bit float64 multiplies and adds this machine reaches from WebAssembly, in GFLOP/s. */
export async function peakGigaflops(): Promise<number> {
  return Math.max(await rateOf(false), await rateOf(true));
}

async function rateOf(fused: boolean): Promise<number> {
  const { default: asc } = await import('assemblyscript/asc');
  let binary = new Uint8Array();
  const { error } = await asc.main(
    [
      ...['peak.ts', '--outFile', 'peak.wasm', '-O3', '--runtime', 'stub', '--enable', 'simd'],
      ...(fused ? ['--enable', 'relaxed-simd'] : []),
    ],
    {
      readFile: (name: string) => (name === 'peak.ts' ? source(fused) : null),
      writeFile: (name: string, contents: Uint8Array | string) => {
        if (typeof contents !== 'string') binary = new Uint8Array(contents);
      },
    },
  );
  if (error) throw error;
  if (!WebAssembly.validate(binary)) return 0;
  const spin = new WebAssembly.Instance(new WebAssembly.Module(binary)).exports['spin'] as (
    count: number,
    x: number,
    y: number,
  ) => number;
  let best = Infinity;
  for (let round = 0; round < 20; round++) {
    // the compiler's own WebAssembly is still being optimised in the background, and ours queues behind it
    await new Promise((resolve) => setTimeout(resolve, 100));
    const start = performance.now();
    for (let part = 0; part < CALLS; part++) spin(STEPS, 1.0000001, 0.3);
    best = Math.min(best, performance.now() - start);
  }
  return (CALLS * STEPS * 6 * (fused ? 8 : 4)) / best / 1e6;
}
