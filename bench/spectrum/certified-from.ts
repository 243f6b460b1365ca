/**
 * Prints the relative tolerance from which rank-deficient float64 matrices are certified. The matrices are products of
 * Gaussian ones, as in the table of README.md. Run: npx tsx bench/spectrum/certified-from.ts
 */
import { createStream, fillNormal, ranks } from '../../src/index.js';

const decades = Array.from({ length: 12 }, (_, i) => `relative:1e-${16 - i}`);

for (const [rows, columns, rank] of [
  [64, 256, 16],
  [256, 307, 128],
  [512, 1024, 64],
  [512, 512, 256],
  [1024, 1024, 512],
] as const) {
  const stream = createStream(0, `${rows}/${columns}/${rank}`);
  const w = fillNormal(stream, new Float64Array(rows * rank));
  const x = fillNormal(stream, new Float64Array(rank * columns));
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < rank; k++)
      for (let j = 0; j < columns; j++) data[i * columns + j]! += w[i * rank + k]! * x[k * columns + j]!;
  const start = performance.now();
  const [numpy, ...others] = ranks({ data, rows, columns }, ['numpy', ...decades]);
  const first = others.find((result) => result.certified && result.rank === rank);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const found = `${numpy!.rank} (${numpy!.lower} to ${numpy!.upper})`;
  console.log(
    `${rows} x ${columns} of rank ${rank}: numpy ${found}, from ${first?.tolerance.rule}, ${seconds} s`,
  );
}
