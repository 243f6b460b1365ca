/**
 * Returns the names in a description of allowed values, for completion. Examples: `same` and `valid` from `same,
 * valid`; the prefix `relative:` from `relative:R`.
 */
export function valuesIn(allowed: string | readonly string[]): string[] {
  const forms = typeof allowed === 'string' ? allowed.split(', ') : allowed;
  return forms
    .flatMap((form) => /^([a-z][\w-]*)(?:\[.*\])?$|^([a-z][\w-]*:)[A-Z]/.exec(form)?.slice(1) ?? [])
    .filter(Boolean);
}
