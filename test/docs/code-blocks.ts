import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a Markdown document. */
export interface CodeBlock {
  readonly language: string;
  readonly lines: readonly string[];
  /** The line of the fence, from 1. */
  readonly line: number;
  /** Marked as too slow for every run of the tests. */
  readonly takesLong: boolean;
}

const longMark = '<!-- takes long: run with RANKSCOPE_LONG=1 -->';

/** Whether the blocks that are marked as long are run. */
export const runLong = process.env.RANKSCOPE_LONG === '1';

/** Returns the fenced blocks of a document of the repository, in order. */
export function codeBlocks(document: string): CodeBlock[] {
  const lines = readFileSync(join(__dirname, '../..', document), 'utf8').split('\n');
  const blocks: CodeBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const language = /^```(\w+)$/.exec(lines[i]!)?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf('```', i);
    const before = lines.slice(0, i).findLast((line) => line !== '');
    blocks.push({ language, lines: lines.slice(i + 1, end), line: i + 1, takesLong: before === longMark });
    i = end;
  }
  return blocks;
}

/** Returns printed lines with those that a `...` of the document stands for replaced by it. */
export function withGaps(printed: readonly string[], documented: readonly string[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const [i, line] of documented.entries()) {
    if (line !== '...') {
      if (at < printed.length) result.push(printed[at++]!);
      continue;
    }
    const next = documented[i + 1];
    const found = next === undefined ? printed.length : printed.indexOf(next, at);
    if (found > at) {
      result.push(line);
      at = found;
    }
  }
  return [...result, ...printed.slice(at)];
}
