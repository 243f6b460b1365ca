/** One panel of a channels figure. */
export interface ChannelPanel {
  readonly title: string;
  readonly lines: readonly ChannelLine[];
  /** The horizontal axis: the block's number from 1, or that number / number of blocks. @default 'block' */
  readonly x?: 'block' | 'relative-depth' | undefined;
}

/** A network, or the mean of a group of networks. */
export interface ChannelLine {
  readonly label: string;
  /** Output channels of each block. */
  readonly channels: readonly number[];
  /** Lower and upper edge of a band, one number per block. */
  readonly low?: readonly number[] | undefined;
  readonly high?: readonly number[] | undefined;
  /** Drawn in black and thicker, above the others. */
  readonly emphasised?: boolean | undefined;
  /** Drawn in grey, below the others, for comparison. */
  readonly background?: boolean | undefined;
  /** Lines of the same look have the same colour in all panels. @default the label */
  readonly look?: string | undefined;
}

/** One block of one line: the data the figure is drawn from. */
export interface ChannelRow {
  readonly panel: string;
  readonly line: string;
  readonly block: number;
  readonly relativeDepth: number;
  readonly channels: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Returns the rows of all panels. */
export function channelRows(panels: readonly ChannelPanel[]): ChannelRow[] {
  return panels.flatMap(({ title, lines }) =>
    lines.flatMap(({ label, channels, low, high }) =>
      channels.map((value, i) => ({
        panel: title,
        line: label,
        block: i + 1,
        relativeDepth: (i + 1) / channels.length,
        channels: value,
        low: low?.[i] ?? null,
        high: high?.[i] ?? null,
      })),
    ),
  );
}

/** Returns the panel with one line, under all the names, where lines are the same in every block. */
export function mergeEqualLines(panel: ChannelPanel): ChannelPanel {
  const merged = new Map<string, ChannelLine>();
  for (const line of panel.lines) {
    const { label, ...rest } = line;
    const key = JSON.stringify(rest);
    const known = merged.get(key);
    merged.set(key, known ? { ...known, label: `${known.label}, ${label}` } : line);
  }
  return { ...panel, lines: [...merged.values()] };
}
