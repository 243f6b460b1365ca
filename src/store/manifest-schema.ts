import * as v from 'valibot';
import { countTo, listOf, mapOf, numberThat, oneOf, strict } from '../schema.js';
import type { FolderKind } from './run-kind.js';

/** The maximum of every count. */
const MAX_COUNT = Number.MAX_SAFE_INTEGER;
/** Paths and messages are non-empty text of any length. */
const text = v.custom<string>((value) => typeof value === 'string' && value !== '', 'text');
const sha256 = v.custom<string>(
  (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  'a SHA-256, 64 hexadecimal digits',
);
const time = v.custom<string>(
  (value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) && !Number.isNaN(Date.parse(value)),
  'a time such as 2026-01-31T12:00:00.000Z',
);
const shard = v.nullable(
  v.custom<string>(
    (value) => typeof value === 'string' && /^[1-9]\d*\/[1-9]\d*$/.test(value),
    'I/N with whole numbers, or null',
  ),
);
const workers = countTo(MAX_COUNT, 0);
const file = strict({ path: text, sha256 });

const machine = recordOf(
  v.custom<string | number>(
    (value) => typeof value === 'string' || Number.isFinite(value),
    'text or a number',
  ),
);
const times = strict({
  started: time,
  finished: v.nullable(time),
  seconds: numberThat((seconds) => seconds >= 0, 'a number >= 0'),
  resumed: v.optional(countTo(MAX_COUNT, 0), 0), // an earlier version did not record it
});

/** The field that distinguishes this format of manifests from other versions. */
export const versionSchema = v.custom<{ format: 1 }>(
  (value) => typeof value !== 'object' || value === null || (value as { format?: unknown }).format === 1,
  'a run.json of format 1; this one is of another version',
);

/**
 * Returns the schema of `run.json` for a kind. Every field is checked; those that an earlier version did not write get
 * their defaults.
 */
export function manifestSchema({ kind, unit, specKey, specSchema, tables }: FolderKind) {
  return strict({
    format: oneOf([1]),
    kind: v.optional(oneOf([kind]), kind),
    state: oneOf(['running', 'stopped', 'failed', 'complete']),
    [specKey]: specSchema,
    shard: v.optional(shard, null),
    files: strict({
      inputs: v.exactOptional(file),
      'activation module': v.exactOptional(file),
      data: v.exactOptional(file),
      'first model': v.exactOptional(file),
      'second model': v.exactOptional(file),
      model: v.exactOptional(file),
    }),
    backend: v.nullable(strict({ name: text, version: text })),
    engine: v.nullable(text),
    versions: recordOf(text),
    from: v.nullable(text),
    workers,
    merged: v.optional(
      v.nullable(listOf(strict({ folder: text, shard, workers, machine, times }), MAX_COUNT, 0)),
      null,
    ),
    [`${unit}s`]: v.pipe(
      strict({ done: countTo(MAX_COUNT, 0), total: countTo(MAX_COUNT, 0) }),
      v.check(({ done, total }) => done <= total, `no more ${unit}s done than there are in total`),
    ),
    sha256: v.optional(strict(Object.fromEntries(tables.map((name) => [name, v.exactOptional(sha256)]))), {}),
    machine,
    times,
    error: v.nullable(v.string()),
  });
}

function recordOf<V>(item: v.GenericSchema<unknown, V>) {
  return v.pipe(
    mapOf(item, 1000),
    v.transform((map): Readonly<Record<string, V>> => Object.fromEntries(map)),
  );
}
