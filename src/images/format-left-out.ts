import { extname } from 'node:path';

/** Maximum number of endings named; the others are counted. */
const NAMED = 6;

/**
 * Returns the number of files per ending, such as `3 .gif, 1 .txt`, most frequent first. An empty list gives undefined.
 */
export function formatLeftOut(
  paths: readonly string[],
  repeated: readonly string[] = [],
): string | undefined {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const ending = extname(path).toLowerCase() || 'without ending';
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const parts = sorted.slice(0, NAMED).map(([ending, count]) => `${count.toLocaleString('en-US')} ${ending}`);
  const more = sorted.slice(NAMED).reduce((sum, [, count]) => sum + count, 0);
  if (more > 0) parts.push(`${more.toLocaleString('en-US')} others`);
  if (repeated.length > 0)
    parts.push(`${repeated.length} ${repeated.length === 1 ? 'link' : 'links'} to folders read already`);
  return parts.length === 0 ? undefined : parts.join(', ');
}
