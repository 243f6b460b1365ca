import { readFile } from 'node:fs/promises';

/** What `settings.json` records of a search, or of the networks of one recipe. */
interface KeptSpec {
  readonly resolution?: number;
  readonly networks?: readonly { readonly resolution: number }[];
  readonly data?: KeptImages;
  readonly images?: KeptImages;
  readonly recipe: { readonly epochs: number };
}
interface KeptImages {
  readonly kind: string;
  readonly trainImages: number;
  readonly testImages: number;
}

/**
 * Returns the caption of networks that were trained: data, image size and epochs, from the folder's `settings.json`.
 * Searches of a folder that differ in them are named one after the other.
 */
export async function trainingCaption(folder: string): Promise<string> {
  const settings = JSON.parse(await readFile(`${folder}/settings.json`, 'utf8')) as {
    readonly searches?: readonly { readonly spec: KeptSpec }[];
    readonly spec?: KeptSpec;
  };
  const specs = settings.searches?.map(({ spec }) => spec) ?? (settings.spec ? [settings.spec] : []);
  return [...new Set(specs.map(captionOf))].join('; ');
}

function captionOf({ resolution, networks = [], data, images = data, recipe: { epochs } }: KeptSpec): string {
  const side = resolution ?? networks[0]?.resolution;
  const count = (n = 0) => n.toLocaleString('en');
  const sets = `${count(images?.trainImages)} training and ${count(images?.testImages)} test images`;
  return `${images?.kind}, ${sets} at ${side} x ${side} pixels, ${epochs} epoch${epochs === 1 ? '' : 's'}`;
}
