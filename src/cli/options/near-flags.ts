import { closest, distance } from 'fastest-levenshtein';

/**
 * Names, in what yargs says of unknown flags, the known ones they resemble: those that two letters make of them, of short
 * ones one.
 * @param usage what yargs gives to `fail` beside the message
 */
export function withNearFlags(message: string, usage: unknown): string {
  const flags = flagsOf(usage);
  const [, written] = /^unknown arguments?: (.*) \(allowed: /.exec(message) ?? [];
  if (written === undefined || flags.length === 0) return message;
  const near = written.split(', ').flatMap((word) => {
    const found = closest(word, flags);
    return distance(word, found) <= Math.min(2, word.length / 3) ? [`--${found}`] : [];
  });
  return near.length === 0 ? message : message.replace('(allowed', `(near: ${near.join(', ')}; allowed`);
}

/** The flags of the command that is being parsed. */
function flagsOf(usage: unknown): string[] {
  return Object.keys((usage as { getDescriptions(): Record<string, string> }).getDescriptions());
}
