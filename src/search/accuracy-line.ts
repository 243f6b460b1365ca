import { lineAt } from '../statistics/weighted-line.js';
import type { SearchAnalysis } from './analyse-search.js';

/** A place on the line of accuracy over evenness, with the 95% interval of the line there. */
export interface AccuracyLinePoint {
  readonly evenness: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Returns 21 points of the line of accuracy over evenness, between the least and the largest evenness given. */
export function accuracyLine(
  { slopes }: Pick<SearchAnalysis, 'slopes'>,
  evenness: readonly number[],
): AccuracyLinePoint[] {
  const slope = slopes.find(({ shape, outcome }) => shape === 'evenness' && outcome === 'testAccuracy');
  if (!slope) return [];
  const [min, max] = [Math.min(...evenness), Math.max(...evenness)];
  return Array.from({ length: 21 }, (_, i) => min + (i / 20) * (max - min)).map((x) => ({
    ...{ evenness: x },
    ...lineAt(slope, x),
  }));
}
