/** The possible delimiters of cells; a blank stands for any number of blanks. */
export const delimiters = ['\t', ';', ',', ' '] as const;
export type Delimiter = (typeof delimiters)[number];

/** Returns the first of tab, semicolon and comma that a line contains outside quotes, or else a blank. */
export function delimiterOf(line: string): Delimiter {
  const bare = line.includes('"') ? line.replace(/"[^"]*"/g, '') : line;
  return delimiters.find((mark) => bare.includes(mark)) ?? ' ';
}

/** Returns the cells of a line, without the blanks and quotes around them. */
export function splitLine(line: string, delimiter: Delimiter): string[] {
  if (!line.includes('"'))
    return delimiter === ' ' ? line.trim().split(/\s+/) : line.split(delimiter).map((cell) => cell.trim());
  const text = delimiter === ' ' ? line.trim() : line;
  const ends = delimiter === ' ' ? /\s/ : undefined;
  const cells: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i <= text.length; i++) {
    const mark = text[i];
    if (mark === '"') quoted = !quoted;
    if (mark !== undefined && (quoted || !(ends ? ends.test(mark) : mark === delimiter))) continue;
    // only the first of several blanks separates cells
    if (i > start || !ends) cells.push(unquote(text.slice(start, i).trim()));
    start = i + 1;
  }
  return cells;
}

function unquote(cell: string): string {
  return (/^"(.*)"$/s.exec(cell)?.[1] ?? cell).trim();
}
