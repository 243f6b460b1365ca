/** Returns script source that cannot end its own element: `<\\/` and `\\x3c!` mean the same in string and regex. */
export function escapeScript(source: string): string {
  return source.replace(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '\\x3c!--');
}
