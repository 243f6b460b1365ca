import type { Skipped } from '../../formats/model-file.js';
import { cut } from './fit-width.js';

/** The most skipped tensors that are named; if there are more, the kinds of reasons are counted. */
const NAMED = 8;

/**
 * Returns the reasons why tensors were skipped: one line per tensor for few tensors, else the number for each reason.
 */
export function skippedLines({ skipped }: { skipped: readonly Skipped[] }): string[] {
  if (skipped.length === 0) return [];
  if (skipped.length <= NAMED)
    return ['', ...skipped.map(({ name, reason }) => cut(`left out: ${name}: ${reason}`, 80))];
  const reasons = new Map<string, number>();
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const sorted = [...reasons].sort((a, b) => b[1] - a[1]);
  return [
    '',
    ...sorted.slice(0, NAMED).map(([reason, n]) => cut(`left out: ${n} x ${reason}`, 80)),
    ...(sorted.length > NAMED ? ['left out: more, listed by --json'] : []),
  ];
}
