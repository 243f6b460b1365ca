import type { Stream } from '../../src/random/stream.js';
import { chance, pick, shuffle } from './choices.js';

/** JSON whose objects may have a key twice, and `__proto__` as any other key. */
type Tree = { entries: [key: string, value: Tree][] } | { items: Tree[] } | { text: string };

/** Returns JSON text that differs from the given one in one place. A key or a value is another, twice or missing. */
export function mutateJson(stream: Stream, text: string): string {
  const root = { items: [treeOf(JSON.parse(text))] };
  pick(stream, mutations)(stream, pick(stream, placesIn(root)));
  return textOf(root.items[0] ?? { text: '' });
}

/** Returns text of the same meaning: keys in another order, other blanks, a byte-order mark. */
export function rewriteJson(stream: Stream, text: string): Uint8Array {
  const reorder = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(shuffle(stream, Object.entries(value)))
      : value;
  const written = JSON.stringify(JSON.parse(text, reorder), null, pick(stream, [0, 2, '\t']));
  const encoding = pick(stream, ['utf8', 'utf8', 'utf16le'] as const);
  return Uint8Array.from(Buffer.from(chance(stream, 0.5) ? `\ufeff${written}` : written, encoding));
}

/** A value and where it is. */
interface Place {
  readonly parent: Tree;
  readonly index: number;
}

type Mutation = (stream: Stream, place: Place) => void;

const mutations: readonly Mutation[] = [
  remove,
  replace,
  replace,
  replace,
  rename,
  rename,
  (_, place) => edit(place, (list, i) => list.splice(i, 0, list[i]!)),
  addKey,
  (stream, { parent }) => {
    if ('entries' in parent) parent.entries = shuffle(stream, parent.entries);
    else if ('items' in parent) parent.items = shuffle(stream, parent.items);
  },
];

const DEPTH = 10_000;

const oddValues = [
  ...[
    'null',
    'true',
    'false',
    '-1',
    '0',
    '0.5',
    '1',
    '2',
    '1e308',
    '-0',
    '9007199254740993',
    '1e999',
    '65537',
  ],
  ...[
    '""',
    '"a"',
    '"1"',
    '"__proto__"',
    '"constructor"',
    '"NaN"',
    '"\\u0000"',
    '"../../x"',
    '"💥"',
    '"\\ud800"',
  ],
  ...['[]', '{}', '[[]]', '[null]', '[0]', '{"a":1}', '{"length":3}', '{"__proto__":{"a":1}}', '[1,2,3]'],
  `"${'a'.repeat(1_000_000)}"`,
  `[${'0,'.repeat(100_000)}0]`,
  '['.repeat(DEPTH) + ']'.repeat(DEPTH),
  `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
];

const oddKeys = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  'a',
  '0',
  '💥',
  'x'.repeat(5000),
];

function treeOf(value: unknown): Tree {
  if (typeof value !== 'object' || value === null) return { text: JSON.stringify(value) };
  if (Array.isArray(value)) return { items: value.map(treeOf) };
  return { entries: Object.entries(value).map(([key, item]) => [key, treeOf(item)]) };
}

function textOf(tree: Tree): string {
  if ('text' in tree) return tree.text;
  if ('items' in tree) return `[${tree.items.map(textOf).join(',')}]`;
  return `{${tree.entries.map(([key, value]) => `${JSON.stringify(key)}:${textOf(value)}`).join(',')}}`;
}

/** Returns the places of all values; of long lists the first few. */
function placesIn(parent: Tree): Place[] {
  if ('text' in parent) return [];
  const children = 'items' in parent ? parent.items : parent.entries.map(([, value]) => value);
  return children.slice(0, 20).flatMap((child, index) => [{ parent, index }, ...placesIn(child)]);
}

function edit({ parent, index }: Place, change: (list: unknown[], index: number) => void): void {
  if ('items' in parent) change(parent.items, index);
  else if ('entries' in parent) change(parent.entries, index);
}

function remove(_: Stream, place: Place): void {
  edit(place, (list, i) => list.splice(i, 1));
}

function replace(stream: Stream, { parent, index }: Place): void {
  const value = { text: pick(stream, oddValues) };
  if ('items' in parent) parent.items[index] = value;
  else if ('entries' in parent) parent.entries[index]![1] = value;
}

function rename(stream: Stream, place: Place): void {
  const { parent, index } = place;
  if (!('entries' in parent)) return replace(stream, place);
  const [key] = parent.entries[index]!;
  const others = parent.entries.map(([name]) => name);
  parent.entries[index]![0] = pick(stream, [
    ...oddKeys,
    ...others,
    `${key}s`,
    key.toUpperCase(),
    key.slice(1),
  ]);
}

function addKey(stream: Stream, place: Place): void {
  const { parent } = place;
  const entry: [string, Tree] = [pick(stream, oddKeys), { text: pick(stream, oddValues) }];
  if ('entries' in parent) parent.entries.push(entry);
  else replace(stream, place);
}
