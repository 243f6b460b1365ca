const HEIGHT = 12;
const WIDTH = 60;

/**
 * Returns a text plot of channels against block number, at most 80 columns wide. `*` marks the first list and `o` the
 * second, if given, where it differs. With more than 60 blocks each column shows the widest of its blocks.
 */
export function channelPlot(channels: readonly number[], other: readonly number[] = []): string {
  const blocks = channels.length;
  const max = Math.max(...channels, ...other);
  const pitch = Math.max(1, Math.min(8, Math.floor(WIDTH / blocks)));
  const columns = Math.min(WIDTH, blocks * pitch);
  const canvas = Array.from({ length: HEIGHT }, () => Array<string>(columns).fill(' '));
  const draw = (list: readonly number[], mark: string) => {
    for (const [i, value] of list.entries()) {
      const column =
        blocks > WIDTH ? Math.floor((i * WIDTH) / blocks) : i * pitch + Math.floor((pitch - 1) / 2);
      const line = HEIGHT - 1 - Math.round((value / max) * (HEIGHT - 1));
      // the last block of a column is its widest
      if (blocks > WIDTH) for (const cells of canvas) if (cells[column] === mark) cells[column] = ' ';
      canvas[line]![column] = mark;
    }
  };
  draw(other, 'o');
  draw(channels, '*');
  const lines = canvas.map((cells, line) => {
    const label = line === 0 ? String(max) : line === HEIGHT - 1 ? '0' : '';
    return `${label.padStart(8)} |${cells.join('').trimEnd()}\n`;
  });
  const first = 1 + (blocks > WIDTH ? 0 : Math.floor((pitch - 1) / 2));
  const last = blocks > WIDTH ? columns : first + (blocks - 1) * pitch;
  const numbers =
    blocks === 1 ? '1' : `1${String(blocks).padStart(Math.max(last - first, String(blocks).length + 1))}`;
  return [
    'channels\n',
    ...lines,
    `${' '.repeat(9)}+${'-'.repeat(columns)}\n`,
    `${' '.repeat(9 + first)}${numbers}  block\n`,
  ].join('');
}
