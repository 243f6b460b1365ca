import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import type { Skipped } from '../formats/model-file.js';

/** A layer that two models have. */
export interface MatchedLayers {
  /** The name in the first model. */
  readonly name: string;
  readonly one: WeightMatrix;
  readonly other: WeightMatrix;
}

/**
 * Returns the layers that have the same name and sizes in both models, in the order of the first. Layers without a
 * counterpart are listed with the reason. A layer goes by its name, then by another name of its weights, then by its
 * name without the parts that all names of its file begin with, such as `module.`.
 */
export function matchLayers(
  first: readonly WeightMatrix[],
  second: readonly WeightMatrix[],
): { matched: readonly MatchedLayers[]; unmatched: readonly Skipped[] } {
  const [cutFirst, cutSecond] = [first, second].map((layers) =>
    commonStart(layers.map(({ name }) => name)),
  ) as [number, number];
  const free = new Set(second);
  const partners = new Map<WeightMatrix, WeightMatrix>();
  const namesOf: readonly ((layer: WeightMatrix, cut: number) => readonly string[])[] = [
    ({ name }) => [name],
    ({ name, aliases }) => [name, ...aliases],
    ({ name }, cut) => [name.slice(cut)],
  ];
  for (const names of namesOf) {
    const known = new Map([...free].flatMap((layer) => names(layer, cutSecond).map((name) => [name, layer])));
    for (const layer of first) {
      if (partners.has(layer)) continue;
      const partner = names(layer, cutFirst)
        .map((name) => known.get(name))
        .find((found) => found !== undefined && free.has(found));
      if (partner === undefined) continue;
      partners.set(layer, partner);
      free.delete(partner);
    }
  }
  const matched: MatchedLayers[] = [];
  const unmatched: Skipped[] = [];
  for (const one of first) {
    const { name } = one;
    const other = partners.get(one);
    if (other === undefined) {
      unmatched.push({ name, reason: 'only in the first model' });
      continue;
    }
    const reason = unlike(one, other);
    if (reason !== undefined) unmatched.push({ name, reason });
    else matched.push({ name, one, other });
  }
  for (const { name } of free) unmatched.push({ name, reason: 'only in the second model' });
  return { matched, unmatched };
}

/** Returns the difference of two layers of one name, in words; undefined if their numbers can be compared. */
function unlike(one: WeightMatrix, other: WeightMatrix): string | undefined {
  if (one.rows !== other.rows || one.columns !== other.columns)
    return `${one.rows} x ${one.columns} in the first model, ${other.rows} x ${other.columns} in the second`;
  const isBank = (kind: string) => kind === 'depthwise convolution';
  if (isBank(one.kind) !== isBank(other.kind))
    return `${one.kind} in the first model, ${other.kind} in the second`;
  return undefined;
}

/** Returns the length of the common prefix of all names, in whole parts that end with `.` or `/`. */
export function commonStart(names: readonly string[]): number {
  const [first = ''] = names;
  if (names.length < 2) return 0;
  let common = 0;
  for (let at = 0; at < first.length - 1; at++) {
    if (!names.every((name) => name[at] === first[at] && name.length > at + 1)) break;
    if (/[./]/.test(first[at] as string)) common = at + 1;
  }
  return common;
}
