/**
 * Returns the names among what is allowed, for completion: `same` and `valid` of `same, valid`; of a notation with a number
 * its beginning, `relative:` of `relative:R`.
 */
export function valuesIn(allowed: string | readonly string[]): string[] {
  const forms = typeof allowed === 'string' ? allowed.split(', ') : allowed;
  return forms
    .flatMap((form) => /^([a-z][\w-]*)(?:\[.*\])?$|^([a-z][\w-]*:)[A-Z]/.exec(form)?.slice(1) ?? [])
    .filter(Boolean);
}
