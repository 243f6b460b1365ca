import { toCsv } from './csv.js';
import { writeWhole } from './write-whole.js';

/**
 * Writes rows as a CSV file, whole or not at all; `readTable` reads it back.
 * @param digits significant digits of numbers that are not whole; default: all
 */
export async function writeTable(path: string, rows: readonly object[], digits?: number): Promise<void> {
  const shorter = (value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) && digits !== undefined
      ? Number(value.toPrecision(digits))
      : value;
  const written = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, shorter(value)])),
  );
  await writeWhole(path, toCsv(written));
}
