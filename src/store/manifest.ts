import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { invalid } from '../errors.js';
import { makeFolder } from '../files/make-folder.js';
import { writeWhole } from '../files/write-whole.js';
import { packageVersion } from '../package-version.js';
import type { Study } from '../study/study.js';

/** A run's record of itself, `run.json`: everything that decided its rows, and how far it came. */
export interface Manifest {
  /** Version of this format. */
  readonly format: 1;
  readonly state: RunState;
  /** The study, every field resolved. */
  readonly study: Study;
  readonly layers: { readonly done: number; readonly total: number };
  readonly backend: { readonly name: string; readonly version: string } | null;
  readonly engine: string | null;
  readonly workers: number;
  /** The user's own inputs or nonlinearities: where they were read from and the SHA-256 of what was read. */
  readonly files: Readonly<Record<string, { readonly path: string; readonly sha256: string }>>;
  /** The run whose kept spectra this one was counted from, if no layer was drawn. */
  readonly from: string | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: Readonly<Record<string, string | number>>;
  /** ISO 8601 in UTC; seconds of wall-clock time. */
  readonly times: { readonly started: string; readonly finished: string | null; readonly seconds: number };
  /** What a failed run failed of. */
  readonly error: string | null;
}

/**
 * `running`: under way, or cut off without a word. `stopped`: ended early by the user; what is there is whole.
 * `failed`: ended by an error. `complete`: every layer of the study is there.
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

export function machine(): Manifest['machine'] {
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

/** Writes the manifest; a reader sees the old one or the new one, never half of one. @throws FileWriteError */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeWhole(join(folder, 'run.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Returns the manifest of a run. @throws RangeError if the folder holds no run, or one of another format */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, 'run.json');
  let manifest: Manifest;
  try {
    manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  } catch (cause) {
    throw new RangeError(
      `invalid run: ${folder} (allowed: a folder with a run.json, as \`rankscope curve\` writes it)`,
      {
        cause,
      },
    );
  }
  if (manifest.format !== 1) throw invalid('run format', manifest.format, '1; the run is of another version');
  return manifest;
}

/** What a run may have written; only this is removed when a run is overwritten. */
const runFiles =
  /^(run\.json|rows|rows\.parquet|summary\.csv|(curve|spectrum)([-.].*)?)(\.[0-9a-f]{8}\.tmp|\.unfinished)?$/;

/**
 * Makes the folder ready for a new run.
 * @throws RangeError if it holds another run (unless `overwrite`) or anything else, or cannot be written
 */
export async function claimFolder(folder: string, overwrite = false): Promise<void> {
  let names: string[];
  try {
    await makeFolder(folder);
    names = await readdir(folder);
    const probe = join(folder, 'run.json.00000000.tmp');
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new RangeError(
      `invalid output folder: ${folder} (allowed: a folder that can be written; ${code})`,
      { cause },
    );
  }
  const foreign = names.find((name) => !runFiles.test(name));
  if (foreign !== undefined) {
    throw invalid(
      'output folder',
      folder,
      `a new or empty folder; this one holds ${foreign}, which is no part of a run`,
    );
  }
  if (names.length > 0 && !overwrite) {
    const what = existsSync(join(folder, 'run.json')) ? 'another run' : 'parts of another run';
    throw invalid('output folder', folder, `a new or empty folder, or --overwrite; this one holds ${what}`);
  }
  for (const name of names) await rm(join(folder, name), { recursive: true });
}
