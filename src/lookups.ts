/** Returns the first item of a list that is known to have one. @throws Error for an empty list, a fault of the program */
export function firstOf<T>(items: { readonly length: number; readonly [index: number]: T }): T {
  if (items.length === 0) throw new Error('an empty list has no first item');
  return items[0] as T;
}

/** Returns the last item of a list that is known to have one. @throws Error for an empty list, a fault of the program */
export function lastOf<T>(items: { readonly length: number; readonly [index: number]: T }): T {
  if (items.length === 0) throw new Error('an empty list has no last item');
  return items[items.length - 1] as T;
}

/** Returns the value of a key that the map is known to have. @throws Error for another key, a fault of the program */
export function entryOf<K, V>(map: { get(key: K): V | undefined }, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`there is no entry ${String(key)}`);
  return value;
}
