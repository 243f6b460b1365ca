import { createStream } from '../src/random/stream.js';
import { nextInteger } from '../src/random/distributions.js';

/** What stands in for a value. */
const replacements: readonly unknown[] = [
  ...[null, -1, 0, 0.5, 1e308, -0, 2 ** 53, '', '3', 'NaN', 'toString', true, [], {}, [[]], [null]],
  ...[
    'x'.repeat(100_000),
    { length: 3 },
    JSON.parse('{"__proto__": 1}'),
    Array(1000).fill(1),
    '../../x',
    '\u001b[2J',
  ],
];

type Path = readonly (string | number)[];

/** Returns the place of every value inside a JSON value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value);
  return [
    path,
    ...keys.flatMap((key) => pathsOf((value as Record<string | number, unknown>)[key], [...path, key])),
  ];
}

/**
 * Returns `count` JSON texts that differ from the value in one place. A value is replaced, a key removed, renamed or
 * added, or an item doubled. The same seed gives the same texts.
 */
export function mutations(value: unknown, count: number, seed = 0): string[] {
  const stream = createStream(seed, 'mutations');
  const pick = <T>(list: readonly T[]): T => list[nextInteger(stream, 0, list.length - 1)]!;
  const paths = pathsOf(value).filter(({ length }) => length > 0);
  return Array.from({ length: count }, () => {
    const copy = structuredClone(value) as Record<string | number, unknown>;
    const path = pick(paths);
    const key = path.at(-1)!;
    const parent = path.slice(0, -1).reduce<typeof copy>((part, step) => part[step] as typeof copy, copy);
    const kind = nextInteger(stream, 0, 7);
    if (kind >= 4) parent[key] = pick(replacements);
    else if (Array.isArray(parent)) {
      if (kind < 2) parent.splice(Number(key), 1);
      else parent.push(structuredClone(parent[Number(key)]));
    } else if (kind === 0) Reflect.deleteProperty(parent, key);
    else {
      const name = kind === 1 ? pick(['__proto__', 'constructor', 'toString']) : `${key}s`;
      Object.defineProperty(parent, name, { value: parent[key], enumerable: true, configurable: true });
      if (kind === 3) Reflect.deleteProperty(parent, key);
    }
    return JSON.stringify(copy);
  });
}
