/** Returns a name that is not taken yet, and takes it. */
export function freshName(name: string, taken: Set<string>): string {
  let free = name;
  while (taken.has(free)) free += '_';
  taken.add(free);
  return free;
}
