/**
 * Returns the rows with names that Vega can distinguish from its own. Vega looks lines up in objects, and every object
 * already has a `constructor` and a `__proto__`. Such a name gets a blank at its end, which is not drawn.
 */
export function drawableNames<Row extends object>(rows: readonly Row[], field: keyof Row): readonly Row[] {
  if (!rows.some((row) => isTaken(row[field]))) return rows;
  return rows.map((row) =>
    isTaken(row[field]) ? { ...row, [field]: drawableName(String(row[field])) } : row,
  );
}

/** Returns the name, with a blank at its end if every object has it. */
export function drawableName(name: string): string {
  return isTaken(name) ? `${name} ` : name;
}

const isTaken = (name: unknown) => typeof name === 'string' && name in {};
