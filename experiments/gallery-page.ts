import type { GalleryEntry } from './gallery';

/** Returns docs/gallery.md: each figure with its description and its command. */
export function galleryPage(gallery: readonly GalleryEntry[]): string {
  return `# Gallery

<!-- written by experiments/draw-gallery.ts from experiments/gallery.ts -->

Every figure of the repository, with the command that measures and draws it. The other formats and the data lie beside each
picture. "The paper" is Han, Yun, Heo and Yoo, CVPR 2021 (see the [README](../README.md)). [commands.md](commands.md) explains
protocols, blocks and tolerances.

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
