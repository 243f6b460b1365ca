import { clustersOf, codePointsOf } from './clusters.js';
import type { FontText } from './drawing-texts.js';
import { textRuns } from './text-runs.js';

/**
 * Returns notes about the fonts of a drawing. They name the requested families that are not installed, and the
 * characters that no font on this machine has.
 * @param missingFamilies each a list none of which is installed
 */
export function fontNotes(texts: readonly FontText[], missingFamilies: Iterable<string>): string[] {
  const families = [...new Set(missingFamilies)].map(
    (family) => `the font ${family} is not installed: Source Sans 3 is used instead`,
  );
  const boxes = new Set<string>();
  for (const { text, family, weight } of texts)
    for (const run of textRuns(text, family, weight))
      if (run.missing) clustersOf(run.text).forEach((cluster) => boxes.add(cluster));
  if (boxes.size === 0) return families;
  const named = [...boxes].slice(0, MAX).map((box) => `${box} (${codesOf(box)})`);
  const more = boxes.size > MAX ? ` and ${boxes.size - MAX} more` : '';
  return [
    ...families,
    `cannot be drawn in PNG and PDF, since no installed font has them: ${named.join(', ')}${more} ` +
      '(a font such as Noto Sans for their script would)',
  ];
}

const MAX = 20;

function codesOf(text: string): string {
  return codePointsOf(text)
    .map((code) => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`)
    .join(' ');
}
