/** A flag of yargs that takes a text, for a command to read itself. */
export const textOption = (describe: string, defaultDescription?: string) =>
  ({ type: 'string', requiresArg: true, describe, defaultDescription }) as const;
