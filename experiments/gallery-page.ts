import type { GalleryEntry } from './gallery';

/** Returns docs/gallery.md: each figure with the sentence that says what it shows and the command that makes it. */
export function galleryPage(gallery: readonly GalleryEntry[]): string {
  return `# Gallery

<!-- written by experiments/draw-gallery.ts from experiments/gallery.ts -->

Every figure of the repository: what it shows, and the command that makes it. Beside each picture the repository has the
other formats and the data.

${gallery.map(section).join('\n')}`;
}

/** Returns the formats of a figure besides PNG. Only PNG is linked: the package has no others. */
export function otherFormats({ formats = ['svg'] }: GalleryEntry): string[] {
  return [...formats.filter((ending) => ending !== 'png'), 'vl.json'];
}

function section(entry: GalleryEntry): string {
  const { figure, shows, command } = entry;
  return `## ${figure}

${shows}

[![${shows.replace(/[[\]]/g, '')}](../figures/${figure}.png)](../figures/${figure}.png)

\`${command}\` · \`figures/${figure}\`: png, ${otherFormats(entry).join(', ')}
`;
}
