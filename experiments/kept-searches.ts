import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { writeTable } from 'rankscope';
import { readSearch, type SearchRow } from 'rankscope/networks';

/** A network of one of several searches, as a table keeps it: without the list of ranks along its depth. */
export type KeptNetwork = Omit<SearchRow, 'ranks' | 'name'> & { readonly search: string };

/** The ranks at one output of such a network. */
export type KeptOutput = SearchRow['ranks'][number] &
  Pick<KeptNetwork, 'search' | 'design' | 'seed'> & { readonly place: number };

/**
 * Writes searches into the folder of an experiment. `networks.csv` has a line per network, `outputs.csv` a line per
 * output of each network, `settings.json` what decided them. No file says where the searches or their images were.
 * @param folders by name
 */
export async function keepSearches(folders: Readonly<Record<string, string>>, out: string): Promise<void> {
  const networks: KeptNetwork[] = [];
  const outputs: KeptOutput[] = [];
  const manifests: object[] = [];
  for (const [search, folder] of Object.entries(folders)) {
    const { spec, rows, diverged, done, total, data } = await readSearch(folder);
    for (const { ranks, name: _, ...row } of rows) {
      networks.push({ search, ...row });
      const { design, seed } = row;
      outputs.push(...ranks.map((rank, place) => ({ search, design, seed, place: place + 1, ...rank })));
    }
    const manifest = JSON.parse(await readFile(`${folder}/run.json`, 'utf8')) as Record<string, unknown>;
    const { engine, backend, versions } = manifest;
    manifests.push({
      ...{ search, networks: { done, total, diverged: diverged.length } },
      ...{ spec, images: { sha256: data.sha256 }, engine, backend, versions },
    });
  }
  await mkdir(out, { recursive: true });
  await writeTable(`${out}/networks.csv`, networks, 6);
  await writeTable(`${out}/outputs.csv`, outputs, 4);
  await writeFile(`${out}/settings.json`, `${JSON.stringify({ searches: manifests }, null, 1)}\n`);
}
