/** The most names that are listed; a hostile file could have thousands. */
const LISTED = 100;

/**
 * Returns the note that lists the calls that loading a pickle in Python would have made, if any.
 * @param isScript whether classes of the file itself, `__torch__.*`, are only types of TorchScript
 */
export function calledNote(called: ReadonlySet<string>, isScript = false): string[] {
  const names = [...called].filter((name) => !(isScript && name.startsWith('__torch__.'))).sort();
  if (names.length === 0) return [];
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  return [
    `loading this file in Python would call, and nothing here called: ${names.slice(0, LISTED).join(', ')}${more}`,
  ];
}
