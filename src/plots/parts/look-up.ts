/**
 * Returns a Vega expression that looks up the value of `expression`, or gives `otherwise` if there is no entry. Names
 * are compared as texts, since `__proto__` and `constructor` have a meaning as keys of an object.
 */
export function lookUp(
  entries: Iterable<readonly [string | number, string | number]>,
  expression: string,
  otherwise = expression,
): string {
  const all = [...entries];
  const [keys, values] = [0, 1].map((at) => literal(all.map((entry) => entry[at])));
  const place = `indexof(${keys}, ${expression})`;
  return `(${place} < 0 ? ${otherwise} : ${values}[${place}])`;
}

/** Returns a filter that keeps the rows whose field has one of the values: an expression, as {@link lookUp} is. */
export function hasOneOf(field: string, values: readonly (string | number)[]): { filter: string } {
  return { filter: `indexof(${literal(values)}, datum.${field}) >= 0` };
}

/** Returns a filter that keeps the rows with all of these values. */
export function hasAll(where: Readonly<Record<string, string | number>>): { filter: string } {
  const tests = Object.entries(where).map(([field, value]) => `datum.${field} === ${literal(value)}`);
  return { filter: tests.join(' && ') };
}

/** JSON is Vega's notation too, but for two line ends within a text. */
function literal(value: unknown): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);
}
