import type { ActivationStyle } from '../../activations/activation.js';
import { activationDefinitions, activationNames } from '../../activations/definitions.js';
import { shortLabels } from './short-labels.js';

/** A style with the name a reader sees: `Hard swish`. */
export interface LabelledStyle extends ActivationStyle {
  readonly label: string;
}

/*
 * The built-in styles are in the activations' own files. The eight of the paper's figure have the colours they had from
 * the first; those of the other six come from a search that maximised the smallest CIEDE2000 difference of any two, for
 * normal sight and for simulated protanopia and deuteranopia at once. test/plots/parts/activation-style.test.ts holds
 * the bounds.
 */

/** Looks for a user's own functions, which no built-in activation has. */
const SPARE: readonly ActivationStyle[] = [
  { colour: '#6b7a8f', dash: [1, 0], shape: 'triangle-right' },
  { colour: '#00868b', dash: [1.5, 2], shape: 'triangle-down' },
  { colour: '#a0785a', dash: [14, 3], shape: 'triangle-left' },
  { colour: '#c2378a', dash: [6, 2.5], shape: 'diamond' },
  { colour: '#5f8a00', dash: [7, 2, 1.5, 2], shape: 'circle' },
  { colour: '#7a6a00', dash: [7, 2, 1.5, 2, 1.5, 2], shape: 'cross' },
];

/**
 * Returns the look of every activation named, in the order figures list them. Built-in ones come first, in the order of
 * `activationNames`, then a user's own by name. A name that is not built in takes its look from a hash of the name, so
 * it keeps it from figure to figure unless another of the user's names in the same figure has taken it first. Labels
 * are short, on one line, and all different.
 */
export function activationStyles(names: Iterable<string>): Map<string, LabelledStyle> {
  const asked = new Set(names);
  const known = activationNames.filter((name) => asked.has(name));
  const own = [...asked].filter((name) => !Object.hasOwn(activationDefinitions, name)).sort();
  const looks = [...known.map((name) => activationDefinitions[name].style), ...ownLooks(own)];
  const labels = shortLabels([...known.map((name) => activationDefinitions[name].label), ...own]);
  return new Map([...known, ...own].map((name, i) => [name, { ...looks[i]!, label: labels[i]! }]));
}

/** Returns the looks of built-in activations by their labels; undefined unless all labels are of these. */
export function stylesOfLabels(labels: readonly string[]): readonly ActivationStyle[] | undefined {
  const known = new Map<string, ActivationStyle>(
    Object.values(activationDefinitions).map(({ label, style }) => [label, style]),
  );
  const styles = labels.flatMap((label) => known.get(label) ?? []);
  return styles.length === labels.length ? styles : undefined;
}

/** Returns one look each. After the sixth the colours repeat, with other dashes and shapes. */
function ownLooks(names: readonly string[]): ActivationStyle[] {
  const free = new Set<number>();
  return names.map((name, i) => {
    if (free.size === 0) SPARE.forEach((_, slot) => free.add(slot));
    let slot = hash(name) % SPARE.length;
    while (!free.has(slot)) slot = (slot + 1) % SPARE.length;
    free.delete(slot);
    const round = Math.floor(i / SPARE.length);
    const dash = SPARE[(slot + round) % SPARE.length]!.dash;
    const shape = SPARE[(slot + round + Math.floor(round / SPARE.length)) % SPARE.length]!.shape;
    return { colour: SPARE[slot]!.colour, dash, shape };
  });
}

/** FNV-1a over UTF-16 code units: small, and the same on every machine. */
function hash(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}
