import { invalid } from '../../errors.js';
import { readJson } from '../../files/parse-json.js';
import type { Field } from '../../fields.js';
import {
  DEFAULT_PRESET,
  describeProtocols,
  protocolNames,
  type ProtocolInput,
} from '../../study/protocol-presets.js';
import { protocolFields } from '../../study/protocol.js';
import { studyFields, type StudyInput } from '../../study/study.js';
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

/** Returns the study options given on a command line. */
export function givenStudyOptions(values: StudyFlagValues): string[] {
  return Object.keys(studyOptions()).filter((name) => values[name] !== undefined);
}

/**
 * Returns the unchecked study that a command line describes. Flags replace the fields of the study file, if one is
 * given, and `--protocol` replaces its whole protocol.
 * @throws RangeError if the file cannot be read or is not JSON
 */
export async function readStudyOptions(values: StudyFlagValues): Promise<StudyInput> {
  const file = values.study === undefined ? {} : await readStudyFile(String(values.study));
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
