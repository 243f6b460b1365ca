import { invalid } from '../errors.js';
import type { RunManifest } from './manifest.js';

/** Everything that decides the rows of a run, except the shard. */
export interface Origin extends Pick<RunManifest, 'files' | 'backend' | 'engine' | 'versions'> {
  readonly spec: unknown;
}

/** A choice that decides rows, by the user's name for it. */
interface Trait {
  readonly name: string;
  readonly value: unknown;
}

/**
 * Packages of which another version may give other last bits. Of Node it is the major version, whose JavaScript engine
 * has the elementary functions.
 */
const decisive = ['rankscope', '@tensorflow/tfjs-core', 'ml-matrix'];

/**
 * Throws for the first difference between two runs that could change rows. @param explain the role of the other value
 * for the user, such as `the run's own`
 * @param folder of the one, if it has to be told from others
 */
export function requireSameOrigin(
  one: Origin,
  other: Origin,
  explain: (name: string) => string,
  folder?: string,
): void {
  const [ours, theirs] = [traitsOf(one), traitsOf(other)];
  const names = new Set([...ours, ...theirs].map(({ name }) => name));
  const valueOf = (traits: readonly Trait[], name: string) =>
    traits.find((trait) => trait.name === name)?.value ?? null;
  for (const name of names) {
    const [mine, expected] = [valueOf(ours, name), valueOf(theirs, name)];
    if (JSON.stringify(mine) === JSON.stringify(expected)) continue;
    const given = folder === undefined ? mine : `${show(mine)} of ${folder}`;
    throw invalid(name, given, `${show(expected)}, ${explain(name)}`);
  }
}

function traitsOf({ spec, files, backend, engine, versions }: Origin): Trait[] {
  return [
    ...leavesOf(spec as object),
    ...Object.entries(files).map(([name, { sha256 }]) => ({ name: `${name} (SHA-256)`, value: sha256 })),
    { name: 'backend', value: backend && `${backend.name} ${backend.version}` },
    { name: 'engine', value: engine },
    ...decisive.map((name) => ({ name: `${name} version`, value: versions[name] })),
    { name: 'node version', value: versions.node?.split('.')[0] },
  ];
}

/**
 * Returns the values of a specification by their names. An object in it, such as a protocol, gives the values of its
 * fields.
 */
function leavesOf(spec: object): Trait[] {
  return Object.entries(spec).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? leavesOf(value)
      : [{ name, value }],
  );
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
