/** The characters of a JSON string up to the first invalid one. */
const inString = /[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})[ !#-[\]-\uffff]*)*/y;
const numberOrWord = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;
const blanks = /[ \t\n\r]*/y;

/**
 * Returns the offset of the first JSON syntax error and a description of valid text there; undefined for valid JSON.
 */
export function jsonMistake(text: string): { offset: number; expected: string } | undefined {
  /** The closing marks of the lists and objects around `at`. */
  const closing: string[] = [];
  let at = 0;

  const skip = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const take = (mark: string) => {
    skip(blanks);
    if (text[at] !== mark) return false;
    at++;
    return true;
  };
  // each of these returns a description of the missing text at `at`
  const restOfString = () => {
    skip(inString);
    if (text[at] === '\\') return 'an escape such as \\n or \\\\';
    if (text[at] !== '"') return 'a double quote';
    at++;
    return undefined;
  };
  const name = () => {
    if (!take('"')) return 'a name in double quotes';
    return restOfString() ?? (take(':') ? undefined : 'a colon');
  };
  const value = () => {
    for (;;) {
      if (take('[')) {
        if (take(']')) return undefined;
        closing.push(']');
      } else if (take('{')) {
        if (take('}')) return undefined;
        closing.push('}');
        const missing = name();
        if (missing !== undefined) return missing;
      } else if (take('"')) return restOfString();
      else return skip(numberOrWord) ? undefined : 'a value';
    }
  };

  let expected = value();
  while (expected === undefined) {
    const end = closing.at(-1);
    if (end === undefined) {
      skip(blanks);
      return at < text.length ? { offset: at, expected: 'the end of the file' } : undefined;
    }
    if (take(',')) expected = end === '}' ? (name() ?? value()) : value();
    else if (take(end)) closing.pop();
    else expected = `a comma or ${end}`;
  }
  return { offset: at, expected };
}
