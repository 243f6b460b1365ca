import { QUIET } from '../render/theme.js';

/** Returns a view that sets a note in quiet type, broken into lines of about `width` pixels. */
export function captionView(text: string, width: number): object {
  const lines = breakLines(text, width, 11);
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

/** Returns a figure's title, broken into lines where it is wider than the figure. */
export function titleBlock(title: string, subtitle: string, width: number): object {
  return {
    text: breakLines(title, width, 17),
    subtitle: breakLines(subtitle, width, 12),
    anchor: 'start',
    frame: 'group',
    fontSize: 17,
    offset: 14,
  };
}

/** Mean advance width of the characters of running English text in the figures' font, in ems, on the safe side. */
const CHARACTER = 0.49;

/** Returns the text in lines about as wide as `width` pixels at most, broken at spaces. */
export function breakLines(text: string, width: number, fontSize: number): string[] {
  const max = Math.floor(width / (fontSize * CHARACTER));
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= max)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
