import { QUIET } from './theme.js';

/** Returns a view that sets a note in quiet type, broken into lines of about `width` pixels. */
export function captionView(text: string, width: number): object {
  const lines = breakLines(text, Math.floor(width / 5.3));
  return {
    data: { values: [{}] },
    width,
    height: lines.length * 15,
    mark: {
      type: 'text',
      align: 'left',
      baseline: 'top',
      x: 0,
      y: 0,
      color: QUIET,
      fontSize: 11,
      lineHeight: 15,
      text: lines,
      tooltip: null,
    },
  };
}

/** Returns the text in lines of at most `most` characters, broken at spaces. */
export function breakLines(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
