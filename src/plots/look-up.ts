/**
 * Returns a Vega expression of what belongs to the value of `expression`, `otherwise` for one that has nothing. Names
 * are compared as texts: as keys of an object, `__proto__` and `constructor` would not be what they say.
 */
export function lookUp(
  entries: Iterable<readonly [string | number, string]>,
  expression: string,
  otherwise = expression,
): string {
  const all = [...entries];
  const [keys, values] = [0, 1].map((at) => literal(all.map((entry) => entry[at])));
  const place = `indexof(${keys}, ${expression})`;
  return `${place} < 0 ? ${otherwise} : ${values}[${place}]`;
}

/** JSON is Vega's notation too, but for two line ends within a text. */
function literal(value: unknown): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);
}
