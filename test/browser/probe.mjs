import * as library from '../../dist/browser.js';

/**
 * Returns the results of this place's engine for the matrices. They are numbers only, so answers of Node, a page and a
 * worker can be compared bit for bit.
 */
export async function probe(matrices, { start = true } = {}) {
  const {
    createStream,
    fillNormal,
    fillUniform,
    GramSum,
    metrics,
    ranks,
    singularValues,
    spectrumAndRanks,
    startEngine,
  } = library;
  const engine = start ? await startEngine() : null;
  const tolerances = ['numpy', 'relative:0.05', 'energy:0.9', 'absolute:1'];
  const answers = matrices.map(({ type, values, rows, columns }) => {
    const data = type === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
    const matrix = { data, rows, columns };
    const { spectrum, ranks: withSpectrum } = spectrumAndRanks(matrix, tolerances);
    return {
      spectrum: [...spectrum],
      gram: [...singularValues(matrix, { accuracy: 'gram' })],
      withSpectrum,
      counted: ranks(matrix, ['numpy', 'relative:0.05']),
      reference: [...singularValues(matrix, { engine: 'ml-matrix' })],
      metrics: metrics(spectrum),
    };
  });
  // before the sum, which must find an engine still
  const stream = createStream(7, 'probe');
  const drawn = [fillNormal, fillUniform, fillNormal].map((fill) => [
    ...fill(stream, new Float32Array(9000)),
  ]);
  let sum = null;
  if (engine?.name === 'wasm') {
    const { rows, columns, values } = matrices[0];
    const pieces = new GramSum(rows);
    pieces.addColumns({ data: Float32Array.from(values), rows, columns });
    pieces.addColumns({ data: Float32Array.from(values).reverse(), rows, columns });
    sum = [...pieces.singularValues().values];
  }
  return { engine, answers, drawn, sum };
}
