/** Values of Python as a pickle describes them. Classes and functions are names; nothing can be called. */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PyList
  | PyDict
  | PyGlobal
  | PyCall
  | PyStorage
  | PyMark;

/** The mark that separates the items of an unfinished list on the stack. */
class PyMark {
  readonly isMark = true;
}

export const MARK = new PyMark();

/** A list, tuple or set. */
export class PyList {
  constructor(
    readonly items: PyValue[],
    readonly isTuple = false,
  ) {}
}

export class PyDict {
  readonly entries = new Map<PyValue, PyValue>();

  /** The value of a key that is text. */
  get(key: string): PyValue | undefined {
    return this.entries.get(key);
  }
}

/** A class or function by its name. */
export class PyGlobal {
  constructor(readonly name: string) {}
}

/** An inert record of the object that calling `callee` would have made. */
export class PyCall {
  /** The state that `__setstate__` or `__dict__` of the object would have got. */
  state: PyValue | undefined;
  /** The items that would have been appended, or set by key. */
  readonly items = new PyDict();
  readonly extra: PyValue[] = [];

  constructor(
    readonly callee: PyGlobal,
    readonly args: readonly PyValue[],
  ) {}
}

/** A persistent id: in files of torch a storage. */
export class PyStorage {
  constructor(readonly id: PyValue) {}
}
