import { printable } from '../../errors.js';

/** Returns a line of more than 80 characters as several, broken at spaces, with control characters escaped. */
export function wrapped(line: string): string[] {
  const lines: string[] = [];
  let rest = printable(line);
  while (rest.length > 80 && rest.lastIndexOf(' ', 80) > 0) {
    const at = rest.lastIndexOf(' ', 80);
    lines.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  return [...lines, rest];
}

/** Returns the text in at most that many characters; of a long one, both ends. */
export function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const left = Math.floor((width - 1) / 3);
  return `${text.slice(0, left)}…${text.slice(text.length - (width - 1 - left))}`;
}
