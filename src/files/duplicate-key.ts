import { lastOf } from '../lookups.js';

/**
 * Returns the first key that occurs twice in an object of a JSON text, or undefined. `JSON.parse` silently keeps the
 * last.
 *
 * @param text valid JSON
 */
export function duplicateKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  // a string with the colon that may follow it, or a bracket; a string before a colon is a key
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*:?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token.endsWith(':')) {
      const key = JSON.parse(token.slice(0, -1)) as string;
      if (lastOf(open).has(key)) return key;
      lastOf(open).add(key);
    }
  }
  return undefined;
}
