import type { GalleryEntry } from './gallery';

/** Returns docs/gallery.md: each figure with the sentence that says what it shows and the command that makes it. */
export function galleryPage(gallery: readonly GalleryEntry[]): string {
  const entries = gallery.map(
    ({ figure, shows, command, formats }) => `## ${figure}

${shows}

[![${shows.replace(/[[\]]/g, '')}](../figures/${figure}.png)](../figures/${figure}.png)

\`${command}\` · ${[...(formats ?? ['svg', 'pdf', 'html']), 'vl.json']
      .filter((ending) => ending !== 'png')
      .map((ending) => `[${ending}](../figures/${figure}.${ending})`)
      .join(' · ')} · [data](../figures/${figure.replace(/\/[^/]+$/, '')})
`,
  );
  return `# Gallery

<!-- written by experiments/draw-gallery.ts from experiments/gallery.ts -->

Every figure of the repository: what it shows, and the command that makes it. The data of each lies beside it.

${entries.join('\n')}`;
}
