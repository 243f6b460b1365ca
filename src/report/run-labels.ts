import { basename, dirname, resolve } from 'node:path';

/**
 * Returns a label for each run's folder: its name, with parent folders if needed to distinguish it. Equal folders are
 * numbered.
 */
export function runLabels(folders: readonly string[]): string[] {
  const paths = folders.map((folder) => resolve(folder));
  const labels = paths.map((path, i) => {
    let label = basename(path) || path;
    const others = paths.filter((other, j) => j !== i && other !== path);
    for (let above = dirname(path); others.some((other) => endsIn(other, label)); above = dirname(above)) {
      label = `${basename(above)}/${label}`;
      if (dirname(above) === above) break;
    }
    return label;
  });
  return labels.map((label, i) => {
    const before = labels.slice(0, i).filter((other) => other === label).length;
    return before === 0 ? label : `${label} (${before + 1})`;
  });
}

const endsIn = (path: string, label: string) => `/${path.replaceAll('\\', '/')}`.endsWith(`/${label}`);
