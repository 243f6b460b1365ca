import type { Argv, Options } from 'yargs';
import { invalid } from '../../errors.js';
import { readJson } from '../../files/parse-json.js';
import type { Field } from '../../fields.js';
import { DEFAULT_PRESET, protocolPresetNames, type ProtocolInput } from '../../study/protocol-presets.js';
import { protocolFields } from '../../study/protocol.js';
import { studyFields, type StudyInput } from '../../study/study.js';
import { splitTolerances } from './text-option.js';

/** The flags whose names differ from the study's keys: a flag that is repeated reads better in the singular. */
const flagNames: Readonly<Record<string, string>> = {
  taps: 'tap',
  tolerances: 'tolerance',
  channelDistribution: 'channel-distribution',
  normalizationScale: 'normalization-scale',
};

const flagOf = (key: string) => flagNames[key] ?? key;

/** Adds a flag for every field of a study and its protocol, described by the same tables that check them. */
export function addStudyOptions<T>(yargs: Argv<T>, defaults: Readonly<Record<string, string>> = {}): Argv<T> {
  const add = (group: string, fields: Readonly<Record<string, Field<unknown>>>) => {
    for (const [key, field] of Object.entries(fields)) {
      yargs.option(flagOf(key), {
        group,
        ...optionOf(field),
        ...(defaults[key] && { defaultDescription: defaults[key] }),
      });
    }
  };
  add('Study:', studyFields);
  yargs.option('protocol', {
    group: 'Protocol:',
    type: 'string',
    requiresArg: true,
    describe: `${protocolPresetNames.join(' or ')}: a named protocol; the flags below override it`,
    defaultDescription: DEFAULT_PRESET,
  });
  add('Protocol:', protocolFields);
  return yargs.option('study', {
    group: 'Study:',
    type: 'string',
    requiresArg: true,
    describe: 'JSON file with any of these; flags override it',
  });
}

function optionOf(field: Field<unknown>): Options {
  const text = Array.isArray(field.default) ? field.default.join(',') : String(field.default);
  if (typeof field.default === 'boolean') {
    return { type: 'boolean', describe: field.meaning, defaultDescription: text };
  }
  return {
    type: 'string',
    array: Array.isArray(field.default),
    requiresArg: true,
    describe: `${field.meaning}: ${field.allowed}`,
    defaultDescription: text,
  };
}

/** Returns which study flags a command line gives. */
export function givenStudyFlags(argv: Readonly<Record<string, unknown>>): string[] {
  const keys = [...Object.keys(studyFields), ...Object.keys(protocolFields), 'protocol', 'study'];
  return keys.map(flagOf).filter((flag) => argv[flag] !== undefined);
}

/**
 * Returns the study that a command line describes, not yet checked: the study file, if there is one, with the
 * flags in place of its fields, and `--protocol` in place of its whole protocol.
 * @throws RangeError if the file cannot be read or is not JSON
 */
export async function readStudyOptions(argv: Readonly<Record<string, unknown>>): Promise<StudyInput> {
  const file = argv.study === undefined ? {} : await readStudyFile(String(argv.study));
  const study = given(argv, studyFields);
  const base = asObject((argv.protocol as ProtocolInput | undefined) ?? file.protocol);
  return { ...file, ...study, protocol: { ...base, ...given(argv, protocolFields) } };
}

function asObject(protocol: ProtocolInput = {}): Exclude<ProtocolInput, string> {
  return typeof protocol === 'string' ? { preset: protocol } : protocol;
}

function given(
  argv: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Field<unknown>>>,
): object {
  const entries = Object.keys(fields).map((key) => [key, flagValue(key, argv[flagOf(key)])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Lists may be given as `a,b`, as `a b`, or by repeating the flag. */
function flagValue(key: string, value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return key === 'tolerances' ? splitTolerances(value.map(String)) : value.join(',');
}

async function readStudyFile(path: string): Promise<StudyInput> {
  let study = await readJson('study file', path);
  if (typeof study !== 'object' || study === null || Array.isArray(study)) {
    throw invalid('study file', path, 'a JSON object, such as the "study" of a run.json');
  }
  // the manifest of a run holds its study: as good as the study itself
  if ('study' in study && 'format' in study) study = study.study;
  const { protocol } = study as { protocol?: unknown };
  if (
    protocol !== undefined &&
    typeof protocol !== 'string' &&
    (typeof protocol !== 'object' || protocol === null || Array.isArray(protocol))
  ) {
    throw invalid('study file', path, 'a JSON object whose "protocol" is a name or an object');
  }
  return study as StudyInput;
}
