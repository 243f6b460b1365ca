import type { GenericSchema } from 'valibot';
import { entryOf } from '../lookups.js';
import { columnList, type Column, type Columns } from './rows/columns.js';
import type { TaskList } from './task-list.js';

/** A kind of run whose results are files (see `keepRun`): how its runs are recognised and read. */
export interface FolderDescriptor<Spec> {
  /** `kind` in `run.json`. Only a run of the same kind is ever replaced by another. */
  readonly kind: string;
  /** The command that writes such runs, for messages. */
  readonly command: string;
  /** The unit of counting in the singular, such as `layer`; `run.json` has the count under the plural. */
  readonly unit: string;
  /** Reads the specification: everything that decides the results, resolved. */
  readonly specSchema: GenericSchema<unknown, Spec>;
  /** The key of the specification in `run.json`. @default 'spec' */
  readonly specKey?: string | undefined;
  /** Names of the files whose checksums are in `run.json`. */
  readonly tables?: readonly string[] | undefined;
  /** Names of the figures that are drawn into the folder. */
  readonly figures?: readonly string[] | undefined;
  /** Regular expressions of the names of other files and folders that it writes. */
  readonly files?: readonly string[] | undefined;
  /** Whether a folder of such files without a manifest counts as a run of this kind. @default false */
  readonly unmarked?: boolean | undefined;
}

/** The definition of a kind of run: its tasks, their rows and the summary. `executeRun` does the rest. */
export interface RunDescriptor<Spec, Task, Row, Summary extends object, Context> extends Omit<
  FolderDescriptor<Spec>,
  'tables'
> {
  /** The tasks in the order in which they are begun. */
  tasks(spec: Spec): TaskList<Task>;
  /** The columns that identify the task of a row; a task has them as keys. */
  readonly taskKeys: readonly (keyof Row & keyof Task & string)[];
  /** Returns a task in words, such as `layer 3 of pointwise`. */
  describe(task: Task): string;
  /** Returns the number of rows of a task, if the specification tells. */
  rowsOf?(spec: Spec, task: Task): number;
  /** Returns the columns that are the same in every row, such as the seed. */
  constants?(spec: Spec): Partial<Row>;
  /** Returns the number of units that a task counts for. @default 1 */
  weight?(spec: Spec): number;
  /** All columns, in their order in the table. */
  readonly columns: Columns<Row>;
  /** The columns that sort the rows; the last one has whole numbers. */
  readonly order: readonly (keyof Row & string)[];
  /**
   * Yields the rows of tasks, all of one task at once, in the order they are done. Once the signal aborts no task is
   * begun.
   * @param context what the run needs besides its specification, and its folder, for files of its own
   */
  measure(spec: Spec, tasks: Iterable<Task>, context: Context & RunSite): AsyncIterable<readonly Row[]>;
  /** Returns the lines of `summary.csv`. */
  summarise?(spec: Spec, run: RunRows<Row>): Promise<readonly Summary[]>;
  /** The columns of `summary.csv` with their types. */
  readonly summaryColumns?: CellKinds<Summary> | undefined;
  /** Other tables by file name, as CSV: SQL over the table of the rows, sorted or not. */
  readonly csvTables?: CsvTables | undefined;
}

/** The type of each column of a CSV file; `?` if it may be empty. */
export type CellKinds<Row> = { readonly [K in keyof Row]-?: CellKind };
export type CellKind = 'text' | 'number' | 'boolean' | 'text?' | 'number?';

type CsvTables = Readonly<Record<string, (table: string, sorted: boolean) => string>>;

/** Where a run is. */
export interface RunSite {
  readonly folder: string;
  readonly signal: AbortSignal | undefined;
}

/** The rows that a run has. */
export interface RunRows<Row> {
  readonly folder: string;
  /** Yields them in their order, some hundreds at a time. */
  rows(): AsyncIterable<readonly Row[]>;
  /** The same for SQL: the table, and the clause that orders it, empty where it is in order. */
  readonly table: string;
  readonly orderBy: string;
}

/** A kind of run, as folders and manifests know it. */
export interface FolderKind<Spec = unknown> extends Pick<
  FolderDescriptor<Spec>,
  'kind' | 'command' | 'unit' | 'specSchema'
> {
  readonly specKey: string;
  readonly tables: readonly string[];
  /** Matches the names of all files and folders that a run of this kind may have written. */
  readonly files: RegExp;
  readonly unmarked: boolean;
  /** Whether a run that ended early can be continued. */
  readonly resumable: boolean;
}

/** A kind of run whose tasks have rows, as the store knows it. */
export interface RunKind<
  Spec = unknown,
  Task = unknown,
  Row = unknown,
  Summary extends object = object,
  Context = unknown,
>
  extends
    FolderKind<Spec>,
    Pick<
      RunDescriptor<Spec, Task, Row, Summary, Context>,
      'tasks' | 'describe' | 'rowsOf' | 'constants' | 'weight' | 'measure' | 'summarise'
    > {
  readonly columns: readonly Column[];
  readonly taskColumns: readonly Column[];
  readonly order: readonly Column[];
  readonly summaryColumns: Readonly<Record<string, CellKind>> | undefined;
  readonly csvTables: CsvTables;
}

/**
 * Returns a kind of run from its description.
 * @example
 * const lengths = runKind({
 *   kind: 'lengths',
 *   command: 'executeRun',
 *   unit: 'word',
 *   specSchema: strict({ words: listOf(textTo(20), 100) }),
 *   tasks: ({ words }) => listTasks(words.map((word) => ({ word })), ({ word }) => word),
 *   taskKeys: ['word'],
 *   describe: ({ word }) => word,
 *   columns: { word: 'VARCHAR', length: 'INTEGER' },
 *   order: ['word', 'length'],
 *   async *measure(_, tasks) {
 *     for (const { word } of tasks) yield [{ word, length: word.length }];
 *   },
 * });
 * await executeRun(lengths, { words: ['rank', 'ratio'] }, { out: 'runs/lengths', context: {} });
 */
export function runKind<Spec, Task, Row, Summary extends object = never, Context = object>(
  descriptor: RunDescriptor<Spec, Task, Row, Summary, Context>,
): RunKind<Spec, Task, Row, Summary, Context> {
  const { taskKeys, order, csvTables = {}, summaryColumns, ...rest } = descriptor;
  const columns = columnList(descriptor.columns);
  const byKey = new Map(columns.map((column) => [column.key, column]));
  const columnOf = (key: string) => entryOf(byKey, key);
  const summary = summaryColumns ? ['summary.csv'] : [];
  return {
    ...rest,
    ...folderKind({
      ...descriptor,
      tables: ['rows.parquet', ...Object.keys(csvTables), ...summary],
      files: [
        ...['run\\.json\\.reserve', 'rows', 'rows\\.(sorting|spill)', 'rows\\.parquet\\.damaged'],
        ...(descriptor.files ?? []),
      ],
    }),
    resumable: true,
    columns,
    taskColumns: taskKeys.map(columnOf),
    order: order.map(columnOf),
    summaryColumns,
    csvTables,
  };
}

/** Returns a kind of run that keeps files. Each run has a manifest and a lock, and files that are still being written. */
export function folderKind<Spec>(descriptor: FolderDescriptor<Spec>): FolderKind<Spec> {
  const {
    kind,
    command,
    unit,
    specSchema,
    specKey = 'spec',
    tables = [],
    figures = [],
    unmarked = false,
  } = descriptor;
  const drawn = `(${figures.join('|')})(\\.(svg|png|pdf|html|vl\\.json|csv)|-[a-z0-9]+\\.csv)`;
  const all = [
    ...['run\\.json(\\.overwritten)?', 'run\\.lock'],
    ...tables.map((name) => name.replaceAll('.', '\\.')),
    ...(descriptor.files ?? []),
    ...(figures.length > 0 ? [drawn] : []),
  ].join('|');
  const files = new RegExp(`^(${all})(\\.[0-9a-f]{8}\\.tmp|\\.unfinished)?(\\.wal)?$`);
  return { kind, command, unit, specSchema, specKey, tables, files, unmarked, resumable: false };
}
