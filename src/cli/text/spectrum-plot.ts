import { lastOf } from '../../lookups.js';

const WIDTH = 64;

/**
 * Returns a text plot of singular value / largest against index, on a log axis, at most 80 columns wide. The threshold
 * of a tolerance is a dashed line. Each column shows the largest value of its part of the spectrum. Zeros cannot be
 * drawn on a log axis; they are counted below. The text is empty if all values are zero.
 */
export function spectrumPlot(spectrum: Float64Array, tolerance: { rule: string; absolute: number }): string {
  const positive = spectrum.findLastIndex((value) => value > 0) + 1;
  const largest = spectrum[0];
  if (positive === 0 || largest === undefined) return '';
  const logs = Array.from(spectrum.subarray(0, positive), (value) => Math.log10(value / largest));
  const threshold = Math.log10(tolerance.absolute / largest);
  const hasThreshold = Number.isFinite(threshold) && threshold <= 0;
  // Whole decades, at least one, down to 1e-20.
  const lowest = Math.min(
    -1,
    Math.floor(Math.max(-20, Math.min(lastOf(logs), hasThreshold ? threshold : 0))),
  );
  const perDecade = Math.max(1, Math.floor(14 / -lowest));
  const height = -lowest * perDecade + 1;
  const lineOf = (log: number) => Math.round(-Math.max(log, lowest) * perDecade);

  const columns = Math.min(WIDTH, spectrum.length);
  const canvas = Array.from({ length: height }, () => Array<string>(columns).fill(' '));
  if (hasThreshold) canvas[lineOf(threshold)]!.fill('-');
  for (let column = 0; column < columns; column++) {
    const first = Math.floor((column * spectrum.length) / columns);
    if (first < positive) canvas[lineOf(logs[first]!)]![column] = '*';
  }
  const lines = canvas.map((cells, line) => {
    const decade = line / perDecade;
    const label = Number.isInteger(decade) ? (decade === 0 ? '1' : `1e-${decade}`) : '';
    return `${label.padStart(8)} |${cells.join('').trimEnd()}\n`;
  });
  const zeros = spectrum.length - positive;
  return [
    'singular value / largest\n',
    ...lines,
    `${' '.repeat(9)}+${'-'.repeat(columns)}\n`,
    `${' '.repeat(10)}1${String(spectrum.length).padStart(Math.max(columns - 1, 4))}\n`,
    hasThreshold ? `${' '.repeat(10)}---- threshold of ${tolerance.rule.slice(0, 50)}\n` : '',
    zeros > 0 ? `${' '.repeat(10)}${zeros} more: exactly zero\n` : '',
  ].join('');
}
