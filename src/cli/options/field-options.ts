import type { Field } from '../../fields.js';
import { type Option, text, toggle } from './option.js';
import { valuesIn } from './values-in.js';

/** Returns an option for every field of a table that holds single values, described by what checks it. */
export function optionsOfFields<K extends string>(
  group: string,
  fields: { readonly [Key in K]: Field<unknown> },
): Readonly<Record<K, Option>> {
  return Object.fromEntries(
    Object.entries<Field<unknown>>(fields).map(([key, { meaning, allowed, default: usual }]) => {
      const details = { group, default: String(usual) };
      return [
        key,
        typeof usual === 'boolean'
          ? toggle(meaning, details)
          : text(`${meaning}: ${allowed}`, { ...details, values: valuesIn(allowed) }),
      ];
    }),
  ) as Readonly<Record<K, Option>>;
}
