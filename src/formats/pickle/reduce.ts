import { PyCall, PyDict, type PyGlobal, PyList, type PyValue } from './python-values.js';

/** Calls that make plain containers of their arguments. They run nothing in Python either. */
const containers: ReadonlyMap<string, (args: readonly PyValue[]) => PyValue> = new Map([
  ['collections.OrderedDict', dictOf],
  ['builtins.dict', dictOf],
  ['__builtin__.dict', dictOf],
  ['collections.defaultdict', (args) => dictOf(args.slice(1))],
  ...['builtins', '__builtin__'].flatMap((module) =>
    ['list', 'tuple', 'set', 'frozenset'].map((name) => [`${module}.${name}`, listOf] as const),
  ),
  ['torch.Size', listOf],
  ['torch.jit._pickle.build_intlist', listOf],
  ['torch.jit._pickle.build_doublelist', listOf],
  ['torch.jit._pickle.build_boollist', listOf],
  ['torch.jit._pickle.build_tensorlist', listOf],
  ['torch.jit._pickle.restore_type_tag', ([value = null]) => value],
  ['_codecs.encode', latin1],
]);

/** Calls that make tensors of storages and arrays of bytes; the search for tensors reads them. */
const harmless =
  /^(torch\._utils\._rebuild_\w+|torch\._tensor\._rebuild_from_type_v2|numpy(\._?core\.multiarray)?\.(_reconstruct|scalar|dtype|ndarray)|numpy\._?core\.numeric\._frombuffer|torch\.(device|nn\.parameter\.Parameter))$/;

/**
 * Returns the result of a call: a list or dictionary for a few known functions, else a record of it.
 * @param called gets the name of a function or class that would have run other code
 */
export function reduce(callee: PyGlobal, args: readonly PyValue[], called: Set<string>): PyValue {
  const make = containers.get(callee.name);
  if (make) return make(args);
  if (!harmless.test(callee.name)) called.add(callee.name);
  return new PyCall(callee, args);
}

function listOf([first]: readonly PyValue[]): PyValue {
  // shared, not copied: a short pickle could ask for many copies of a long list
  return first instanceof PyList ? first : new PyList([]);
}

function dictOf([first]: readonly PyValue[]): PyValue {
  if (first instanceof PyDict) return first;
  const dict = new PyDict();
  if (first instanceof PyList) {
    for (const pair of first.items)
      if (pair instanceof PyList && pair.items.length === 2) dict.entries.set(pair.items[0]!, pair.items[1]!);
  }
  return dict;
}

/** Python 3 writes bytes into old protocols as text of one character per byte. */
function latin1([text, encoding]: readonly PyValue[]): PyValue {
  if (typeof text !== 'string' || encoding !== 'latin1') return null;
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}
