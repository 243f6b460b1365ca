/** Standard normal float32 features, the same for the same seed (a multiplicative generator and Box-Muller). */
export function seededFeatures(seed: number, length: number): Float32Array {
  let state = (seed * 2654435761 + 1) % 4294967296;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  return Float32Array.from(
    { length },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}
