import * as v from 'valibot';
import type { Field, Fields } from '../fields.js';
import { countTo, listOf, mapOf, numberThat, oneOf, strict } from '../schema.js';
import { protocolFields } from '../study/protocol.js';
import { studyFields } from '../study/study.js';

/** The most of anything that is counted. */
const MOST = Number.MAX_SAFE_INTEGER;
/** Paths and messages are text of any length; none is empty. */
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
const workers = countTo(MOST, 0);
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
  resumed: v.optional(countTo(MOST, 0), 0), // an earlier version did not record it
});

/** What tells a manifest of this format from one of another version. */
export const versionSchema = v.custom<{ format: 1 }>(
  (value) => typeof value !== 'object' || value === null || (value as { format?: unknown }).format === 1,
  'a run.json of format 1; this one is of another version',
);

/** How `run.json` is read: every field checked, those that an earlier version did not write at their defaults. */
export const manifestSchema = strict({
  format: oneOf([1]),
  kind: v.optional(oneOf(['study']), 'study'),
  state: oneOf(['running', 'stopped', 'failed', 'complete']),
  study: strict({ ...resolved(studyFields), protocol: strict(protocolSchemas()) }),
  shard: v.optional(shard, null),
  files: strict({ inputs: v.exactOptional(file), 'activation module': v.exactOptional(file) }),
  backend: v.nullable(strict({ name: text, version: text })),
  engine: v.nullable(text),
  versions: recordOf(text),
  from: v.nullable(text),
  workers,
  merged: v.optional(
    v.nullable(listOf(strict({ folder: text, shard, workers, machine, times }), MOST, 0)),
    null,
  ),
  layers: v.pipe(
    strict({ done: countTo(MOST, 0), total: countTo(MOST, 0) }),
    v.check(({ done, total }) => done <= total, 'no more layers done than there are in total'),
  ),
  sha256: v.optional(
    strict({
      'rows.parquet': v.exactOptional(sha256),
      'ranks.csv': v.exactOptional(sha256),
      'summary.csv': v.exactOptional(sha256),
    }),
    {},
  ),
  machine,
  times,
  error: v.nullable(v.string()),
});

/** Those of a protocol; what an earlier version did not write is what it did. */
function protocolSchemas() {
  const schemas = resolved(protocolFields);
  return {
    ...schemas,
    normalizationShift: v.optional(schemas.normalizationShift, 'none'),
    center: v.optional(schemas.center, false),
  };
}

/** Returns the schemas of options that are all given, each with an allowed value. */
function resolved<T extends object>(fields: Fields<T>) {
  const schemas = Object.entries<Field<unknown>>(fields).map(([key, field]) => [key, valueOf(field)]);
  return Object.fromEntries(schemas) as { readonly [K in keyof T]: v.GenericSchema<unknown, T[K]> };
}

function valueOf<V>({ read, allowed }: Field<V>) {
  const isAllowed = (value: unknown) => {
    try {
      return value !== undefined && read(value) !== undefined;
    } catch {
      return false; // an unknown name
    }
  };
  return v.pipe(
    v.custom<unknown>(isAllowed, allowed),
    v.transform((value) => read(value) as V),
  );
}

function recordOf<V>(item: v.GenericSchema<unknown, V>) {
  return v.pipe(
    mapOf(item, 1000),
    v.transform((map): Readonly<Record<string, V>> => Object.fromEntries(map)),
  );
}
