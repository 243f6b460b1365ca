import { readFile } from 'node:fs/promises';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { invalid, messageOf } from '../errors.js';
import { parseJson } from '../files/parse-json.js';
import { decodeText } from '../files/read-text.js';
import { packageVersion } from '../package-version.js';
import { readSchema } from '../schema.js';
import { writeDurably } from './folder/durable.js';
import { manifestSchema, versionSchema } from './manifest-schema.js';
import type { FolderKind } from './run-kind.js';

/**
 * A run's record, `run.json`: everything that decided its rows, and its progress. Each kind adds its specification and
 * its count under names of its own, see `specOf` and `countOf`.
 */
export interface RunManifest {
  /** Version of this format. */
  readonly format: 1;
  /** The kind of run; a run of an earlier version that has none is a study's. */
  readonly kind: string;
  readonly state: RunState;
  /** The part of the whole run, as `i/n`; null for the whole. */
  readonly shard: string | null;
  readonly backend: { readonly name: string; readonly version: string } | null;
  readonly engine: string | null;
  readonly workers: number;
  /** The user's own files, with their paths and the SHA-256 of their content. */
  readonly files: Readonly<Record<string, { readonly path: string; readonly sha256: string }>>;
  /** The run whose saved spectra this one was counted from, if nothing was measured. */
  readonly from: string | null;
  /** The runs that this one was merged from, if any; times and workers are combined from them. */
  readonly merged: readonly MergedRun[] | null;
  readonly versions: Readonly<Record<string, string>>;
  /**
   * SHA-256 of the run's tables by file name, each recorded before its file takes that name. A table of an earlier
   * version has none; parts of rows have theirs in their names.
   */
  readonly sha256: Readonly<Record<string, string>>;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly times: RunTimes;
  /** Message of the error that ended the run. */
  readonly error: string | null;
}

/** The number of units whose rows are on disk, and of all units of the run or its part. */
export interface Count {
  readonly done: number;
  readonly total: number;
}

export interface RunTimes {
  /** ISO 8601 in UTC. */
  readonly started: string;
  readonly finished: string | null;
  /**
   * Wall-clock time of the work on the existing rows, over all sittings. For a merged run it is the sum over the parts.
   */
  readonly seconds: number;
  /** The number of times the run was continued after it had ended early. */
  readonly resumed: number;
}

/** A part of a merged run. */
export interface MergedRun extends Pick<RunManifest, 'shard' | 'workers' | 'machine' | 'times'> {
  readonly folder: string;
}

/**
 * `running`: under way or killed. `stopped`: ended early by the user; its rows are intact. `failed`: ended by an error.
 * `complete`: all tasks are measured.
 */
export type RunState = 'running' | 'stopped' | 'failed' | 'complete';

/** Returns the versions of rankscope, Node and the packages that numbers depend on. */
export function versions(): Record<string, string> {
  const packages = ['rankscope', '@tensorflow/tfjs-core', 'ml-matrix', '@duckdb/node-api'];
  return {
    node: process.versions.node,
    ...Object.fromEntries(packages.map((name) => [name, packageVersion(name)])),
  };
}

export function machine(): RunManifest['machine'] {
  const cores = cpus();
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  return {
    platform: platform(),
    arch: arch(),
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGiB,
  };
}

/** Returns the specification in a manifest. */
export function specOf<Spec>({ specKey }: FolderKind<Spec>, manifest: RunManifest): Spec {
  return (manifest as unknown as Record<string, Spec>)[specKey] as Spec;
}

/** Returns the number of finished units of a run, and of all. */
export function countOf({ unit }: FolderKind, manifest: RunManifest): Count {
  return (manifest as unknown as Record<string, Count>)[`${unit}s`] as Count;
}

/** Returns a manifest with its keys in a fixed order: kind, progress, origin and circumstances. */
export function manifestOf<Spec>(
  { kind, specKey, unit }: FolderKind<Spec>,
  {
    spec,
    count,
    ...rest
  }: Omit<RunManifest, 'format' | 'kind'> & { readonly spec: Spec; readonly count: Count },
): RunManifest {
  const { state, shard, backend, engine, workers, files, from, merged, ...last } = rest;
  const { versions, sha256, machine, times, error } = last;
  return {
    ...{
      format: 1,
      kind,
      state,
      [specKey]: spec,
      shard,
      [`${unit}s`]: count,
      backend,
      engine,
      workers,
      files,
    },
    ...{ from, merged, versions, sha256, machine, times, error },
  };
}

/** Writes the manifest; a reader sees the old one or the new one, never half of one. @throws FileWriteError */
export async function writeManifest(folder: string, manifest: RunManifest): Promise<void> {
  await writeDurably(join(folder, 'run.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Returns the manifest of a run of a kind.
 * @throws RangeError if the folder holds no such run, or for the first field of its `run.json` that is not allowed
 */
export async function readRunManifest(kind: FolderKind, folder: string): Promise<RunManifest> {
  const path = join(folder, 'run.json');
  const bytes = await readFile(path).catch((cause: unknown) => {
    const allowed = `a folder with a run.json, as \`${kind.command}\` writes it`;
    throw Object.assign(invalid('run', folder, allowed), { cause });
  });
  const value = parseJson('run', path, decodeText(bytes, path));
  const found = kindOf(value);
  if (found !== undefined && found !== kind.kind)
    throw invalid('run', folder, `a run of kind ${kind.kind}; this one is of kind ${found}`);
  try {
    readSchema('manifest', versionSchema, value); // of another version the other fields are not to be judged
    return readSchema('manifest', manifestSchema(kind), value) as unknown as RunManifest;
  } catch (cause) {
    throw new RangeError(`${messageOf(cause)} in ${path}`, { cause });
  }
}

/** Returns the kind of the run in a folder, or undefined where there is none. */
export async function kindOfRun(folder: string): Promise<string | undefined> {
  const bytes = await readFile(join(folder, 'run.json')).catch(() => undefined);
  return bytes && kindOfManifest(bytes);
}

/** Returns the kind of run in the bytes of a `run.json`, or undefined for any other file. */
export function kindOfManifest(bytes: Uint8Array): string | undefined {
  try {
    return kindOf(parseJson('run', 'run.json', decodeText(bytes, 'run.json')));
  } catch {
    return undefined;
  }
}

function kindOf(manifest: unknown): string | undefined {
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  const has = (key: string) => Object.hasOwn(manifest, key);
  if (!has('format') || !has('state')) return undefined;
  if (!has('kind')) return has('study') ? 'study' : undefined;
  return String((manifest as { kind: unknown }).kind);
}
