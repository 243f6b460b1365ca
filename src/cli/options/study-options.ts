import { invalid, messageOf } from '../../errors.js';
import { inFile } from '../../files/in-file.js';
import { readJson } from '../../files/parse-json.js';
import type { Field } from '../../fields.js';
import {
  DEFAULT_PRESET,
  describeProtocols,
  protocolNames,
  type ProtocolInput,
} from '../../study/protocol-presets.js';
import { protocolFields } from '../../study/protocol.js';
import { resolveStudy, studyFields, type Study, type StudyInput } from '../../study/study.js';
import { list, type Option, text, toggle } from './option.js';
import { splitTolerances } from './tolerance-option.js';
import { valuesIn } from './values-in.js';

/** The values of a command line, by the names of their options. */
type StudyFlagValues = Readonly<Record<string, boolean | string | readonly string[] | undefined>>;

type FieldName = keyof typeof studyFields | Exclude<keyof typeof protocolFields, 'tolerances'> | 'tolerance';

/** Returns the option of a field: `--tolerance` is the same in all commands. */
const optionOf = (key: string) => (key === 'tolerances' ? 'tolerance' : key);

/**
 * Returns an option for every field of a study and its protocol, described by the tables that check them. @param
 * defaults defaults that differ from the fields' own
 */
export function studyOptions(
  defaults: Readonly<Record<string, string>> = {},
): Readonly<Record<FieldName | 'protocol' | 'study', Option>> {
  return Object.fromEntries([
    ...fieldOptions('Study:', studyFields, defaults),
    ['study', text('JSON file with any of these; flags override it', { group: 'Study:' })],
    [
      'protocol',
      text(`named protocol: ${describeProtocols()}; the flags below override it`, {
        group: 'Protocol:',
        default: DEFAULT_PRESET,
        values: protocolNames,
      }),
    ],
    ...fieldOptions('Protocol:', protocolFields, defaults),
  ]) as Record<FieldName | 'protocol' | 'study', Option>;
}

function fieldOptions(
  group: string,
  fields: Readonly<Record<string, Field<unknown>>>,
  defaults: Readonly<Record<string, string>>,
): [string, Option][] {
  return Object.entries(fields).map(([key, field]) => {
    const details = { group, default: defaults[key] ?? String(field.default) };
    if (typeof field.default === 'boolean') return [optionOf(key), toggle(field.meaning, details)];
    const describe = `${field.meaning}: ${field.allowed}`;
    const values = valuesIn(field.allowed);
    if (!Array.isArray(field.default)) return [optionOf(key), text(describe, { ...details, values })];
    const split = key === 'tolerances' ? splitTolerances : undefined;
    return [optionOf(key), list(describe, { ...details, values, split })];
  });
}

/** Returns an option for each of these fields of a protocol, and a reader of the values given. */
export function protocolOptions<const K extends keyof typeof protocolFields>(
  keys: readonly K[],
  defaults: Readonly<Record<string, string>>,
) {
  const fields = Object.fromEntries(keys.map((key) => [key, protocolFields[key]]));
  return {
    options: Object.fromEntries(fieldOptions('Protocol:', fields, { ...defaults })) as Readonly<
      Record<K, Option>
    >,
    read: (values: StudyFlagValues): Partial<Record<K, unknown>> => given(values, fields),
  };
}

/** Returns the study options given on a command line. */
export function givenStudyOptions(values: StudyFlagValues): string[] {
  return Object.keys(studyOptions()).filter((name) => values[name] !== undefined);
}

/**
 * Returns the checked study that a command line describes. Flags replace the fields of the study file, if one is given,
 * and `--protocol` replaces its whole protocol. An error about a value of the file names the file.
 *
 * @param usual the fields of the command's studies where nothing is given
 * @param own names of the user's own activations
 * @param drawn whether its layers are to be drawn, and so have to fit in memory
 * @throws RangeError if the file cannot be read or is not JSON, or for a value that is not allowed
 */
export async function resolveStudyOptions(
  values: StudyFlagValues,
  usual: StudyInput,
  own: readonly string[],
  drawn = true,
): Promise<Study> {
  const resolve = (study: StudyInput) => resolveStudy({ ...usual, ...study }, own, drawn);
  const path = values.study === undefined ? undefined : String(values.study);
  const file = path === undefined ? {} : await readStudyFile(path);
  try {
    return resolve(withFlags(file, values));
  } catch (error) {
    // the value is the file's if the file has the same error without the flags
    const alone = () => resolve(withoutFlags(file, values));
    if (path !== undefined && failureOf(alone) === messageOf(error)) inFile(path, alone);
    throw error;
  }
}

function failureOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return messageOf(error);
  }
  return undefined;
}

/** Returns the fields of a study file that no flag replaces. */
function withoutFlags({ protocol = {}, ...study }: StudyInput, values: StudyFlagValues): StudyInput {
  const left = (fields: object, known: Readonly<Record<string, unknown>>) => {
    const replaced = Object.keys(given(values, known));
    return Object.fromEntries(Object.entries(fields).filter(([key]) => !replaced.includes(key)));
  };
  const base = values.protocol === undefined ? asObject(protocol) : {};
  return { ...left(study, studyFields), protocol: left(base, protocolFields) };
}

/** Returns the unchecked study of a file with its fields replaced by flags. */
function withFlags(file: StudyInput, values: StudyFlagValues): StudyInput {
  const study = given(values, studyFields);
  const base = asObject((values.protocol as ProtocolInput | undefined) ?? file.protocol);
  return { ...file, ...study, protocol: { ...base, ...given(values, protocolFields) } };
}

function asObject(protocol: ProtocolInput = {}): Exclude<ProtocolInput, string> {
  return typeof protocol === 'string' ? { preset: protocol } : protocol;
}

function given(values: StudyFlagValues, fields: Readonly<Record<string, unknown>>): object {
  const entries = Object.keys(fields).map((key) => [key, fieldValue(key, values[optionOf(key)])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Returns a list as text, as fields read it; tolerances stay a list, since one may contain a comma. */
function fieldValue(key: string, value: StudyFlagValues[string]): unknown {
  return Array.isArray(value) && key !== 'tolerances' ? value.join(',') : value;
}

async function readStudyFile(path: string): Promise<StudyInput> {
  let study = await readJson('study file', path);
  if (typeof study !== 'object' || study === null || Array.isArray(study)) {
    throw invalid('study file', path, 'a JSON object, such as the "study" of a run.json');
  }
  // a run's manifest holds its study, so it is accepted too
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
