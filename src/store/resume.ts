import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid, missing } from '../errors.js';
import { readRunManifest, specOf, type RunManifest } from './manifest.js';
import type { RunKind } from './run-kind.js';
import { formatShard, readShard } from './shard.js';
import { requireSameOrigin, type Origin } from './same-run.js';

/**
 * Throws unless the run in a folder can be continued from this origin with the same rows.
 * @throws RangeError that names the first thing that differs, both values, and the remedy
 */
export function requireResumable(
  kind: RunKind,
  folder: string,
  now: Origin & Pick<RunManifest, 'shard'>,
  earlier: RunManifest,
): void {
  const { from, merged } = earlier;
  if (from !== null)
    throw invalid('run to resume', folder, `a measured run; this one was counted from ${from}`);
  if (merged !== null && earlier.state !== 'complete') {
    throw invalid('run to resume', folder, 'a measured run; this is an interrupted merge; merge again');
  }
  if (now.shard !== earlier.shard) {
    const [ours, theirs] = [now, earlier].map(({ shard }) => shard ?? formatShard(null));
    throw invalid('shard', ours, `${theirs}, that of the run in ${folder}`);
  }
  requireSameOrigin(now, { ...earlier, spec: specOf(kind, earlier) }, (name) => {
    const flag = name === 'backend' ? earlier.backend?.name : name === 'engine' ? earlier.engine : undefined;
    return `that of the run in ${folder}${flag ? `: --${name} ${flag}` : ''}`;
  });
}

/**
 * Returns the newest unfinished run below a folder with this specification and shard.
 * @throws RangeError if there is no such run; it names a complete one
 */
export async function findUnfinished<Spec>(
  kind: RunKind<Spec>,
  below: string,
  spec: Spec,
  shard?: string,
): Promise<string> {
  const part = readShard(shard, kind.tasks(spec));
  const wanted = JSON.stringify([spec, part && formatShard(part)]);
  const names = existsSync(below) ? await readdir(below) : [];
  let [unfinished, complete]: (Found | undefined)[] = [];
  for (const name of names) {
    const folder = join(below, name);
    const manifest = await readRunManifest(kind, folder).catch(() => undefined);
    if (!manifest || manifest.from !== null || manifest.merged !== null) continue;
    if (JSON.stringify([specOf(kind, manifest), manifest.shard]) !== wanted) continue;
    const found = { folder, started: manifest.times.started };
    if (manifest.state === 'complete') complete = newer(complete, found);
    else unfinished = newer(unfinished, found);
  }
  if (unfinished) return unfinished.folder;
  const remedy = complete
    ? `${complete.folder} is of this ${kind.kind} and complete`
    : `none of its runs is of this ${kind.kind}; without --resume a new one begins, and --out names another folder`;
  throw missing('unfinished run', below, remedy);
}

interface Found {
  readonly folder: string;
  readonly started: string;
}

const newer = (one: Found | undefined, other: Found) => (one && one.started > other.started ? one : other);
