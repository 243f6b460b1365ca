/** A flag of yargs that takes a text, for a command to read itself. */
export const textOption = (describe: string, defaultDescription?: string) =>
  ({ type: 'string', requiresArg: true, describe, defaultDescription }) as const;

/** Parts `numpy,relative:0.1` at the commas that a rule follows; `torch:rtol=R,atol=T` is one rule with a comma. */
export const splitTolerances = (given: readonly string[]): string[] =>
  given.flatMap((text) => text.split(/,(?=\s*[a-z]+(?:[:,]|$))/));
