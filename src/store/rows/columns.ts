import { snakeCase } from '../../files/csv.js';

/** The SQL types of single values. */
export type ScalarType = 'VARCHAR' | 'DOUBLE' | 'INTEGER' | 'BIGINT' | 'BOOLEAN';

/** The columns of rows, in their order in the table: the name in SQL is the key in snake case. */
export type Columns<Row> = { readonly [K in keyof Row]-?: ColumnDefinition };

/**
 * The type of a column: a value; `DOUBLE[]`, a Float64Array; or `structs`, a list of objects with these fields. Any
 * value may be null.
 */
export type ColumnDefinition = ScalarType | 'DOUBLE[]' | LongColumn;

interface LongColumn {
  readonly type: ScalarType | 'DOUBLE[]' | { readonly structs: Readonly<Record<string, ScalarType>> };
  /** The name in SQL that the column had in an earlier version. */
  readonly former?: string | undefined;
  /** Whether earlier versions lacked the column; it is null in their files. */
  readonly added?: boolean | undefined;
  /**
   * SQL for the number of values in a list that may be long, from other columns. Where it is null, no row has such a
   * list.
   */
  readonly length?: string | undefined;
}

/** A column, with its name in SQL and its key in a row. */
export interface Column {
  readonly name: string;
  readonly key: string;
  readonly sql: string;
  /** The fields of the objects in a list of them. */
  readonly fields: readonly string[] | undefined;
  readonly former: string | undefined;
  readonly added: boolean;
  readonly length: string | undefined;
}

/** Returns the columns as a list. */
export function columnList<Row>(columns: Columns<Row>): Column[] {
  return Object.entries<ColumnDefinition>(columns).map(([key, given]) => {
    const {
      type,
      former,
      added = false,
      length,
    }: LongColumn = typeof given === 'string' ? { type: given } : given;
    const name = snakeCase(key);
    if (typeof type === 'string') return { name, key, sql: type, fields: undefined, former, added, length };
    const fields = Object.keys(type.structs);
    const struct = fields.map((field) => `"${field}" ${type.structs[field]}`).join(', ');
    return { name, key, sql: `STRUCT(${struct})[]`, fields, former, added, length };
  });
}
