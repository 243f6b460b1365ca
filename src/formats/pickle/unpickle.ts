import { invalid } from '../../errors.js';
import { lastOf } from '../../lookups.js';
import type { ByteCursor } from '../byte-cursor.js';
import { MARK, PyCall, PyDict, PyGlobal, PyList, PyStorage, type PyValue } from './python-values.js';
import { textOrBytes, unescapeBytes, unescapeText } from './python-2-text.js';
import { reduce } from './reduce.js';

/** Bytes of one text or list of bytes: arrays of numpy lie in them. */
const MAX_BYTES = 2 ** 28;
/** Characters of a name or number. */
const MAX_WORD = 2 ** 16;
/** Lists, dictionaries and objects of one pickle. */
const MAX_OBJECTS = 2_000_000;

/**
 * Returns the value that a pickle describes, from the cursor on (protocols 0 to 5). Nothing is imported or called: a
 * class is a name, and a call is a record.
 *
 * @param called gets the name of every class and function that loading in Python would call
 * @throws RangeError for an opcode that is unknown, a stack that does not fit, or a pickle that is cut off
 */
export function unpickle(cursor: ByteCursor, called: Set<string>): PyValue {
  const stack: PyValue[] = [];
  const memo = new Map<number, PyValue>();
  let objects = 0;

  const fail = (found: string) => invalid('pickle', `${found} at byte ${cursor.at}`, 'a whole one');
  const push = (value: PyValue) => {
    if (typeof value === 'object' && value !== null && ++objects > MAX_OBJECTS)
      throw fail(`more than ${MAX_OBJECTS} objects`);
    stack.push(value);
  };
  const pop = (): PyValue => {
    const value = stack.pop();
    if (value === undefined || value === MARK) throw fail('an empty stack');
    return value;
  };
  const top = (): PyValue => {
    const value = pop();
    stack.push(value);
    return value;
  };
  /** Returns the items above the last mark, and removes them and the mark. */
  const marked = (): PyValue[] => {
    const at = stack.lastIndexOf(MARK);
    if (at < 0) throw fail('no mark');
    return stack.splice(at).slice(1);
  };
  const popTuple = () => {
    const value = pop();
    return value instanceof PyList ? value.items : [value];
  };
  const popGlobal = (): PyGlobal => {
    const value = pop();
    if (value instanceof PyGlobal) return value;
    // torch before 1.6 names classes of modules by persistent ids, with their source
    const [kind, named] = value instanceof PyStorage && value.id instanceof PyList ? value.id.items : [];
    if (kind === 'module' && named instanceof PyGlobal) return named;
    // calling what a call would have made: name the outermost one
    return value instanceof PyCall ? value.callee : new PyGlobal('an object');
  };
  const call = (callee: PyGlobal, args: readonly PyValue[]) => {
    // a dictionary of pairs is made anew by each call
    if (args[0] instanceof PyList) objects += args[0].items.length;
    push(reduce(callee, args, called));
  };
  const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const text = (length: number) => textOf(cursor.bytes(length, MAX_BYTES));
  const word = () => textOf(cursor.line(MAX_WORD));
  const global = (module: PyValue, name: PyValue) => new PyGlobal(`${show(module)}.${show(name)}`);
  const get = (index: number) => {
    const value = memo.get(index);
    if (value === undefined) throw fail(`nothing remembered as ${index}`);
    stack.push(value);
  };
  const integerOf = (word: string) => {
    if (!/^[+-]?\d+L?$/.test(word)) throw fail(`the integer ${word}`);
    return plain(BigInt(word.replace(/[+L]/g, '')));
  };
  const setItems = (items: readonly PyValue[]) => {
    const target = top();
    const dict = target instanceof PyCall ? target.items : target;
    if (!(dict instanceof PyDict)) throw fail('items for no dictionary');
    for (let i = 0; i + 1 < items.length; i += 2) dict.entries.set(items[i]!, items[i + 1]!);
  };
  const append = (items: readonly PyValue[]) => {
    const target = top();
    const list =
      target instanceof PyCall ? target.extra : target instanceof PyList ? target.items : undefined;
    if (!list) throw fail('items for no list');
    for (const item of items) list.push(item);
  };
  const build = () => {
    const state = pop();
    const target = top();
    if (target instanceof PyCall) target.state = state;
    // a subclass of dict, such as OrderedDict with attributes: they hold nothing we need
    else if (!(target instanceof PyDict)) throw fail('a state for no object');
  };

  for (;;) {
    const code = cursor.byte();
    switch (String.fromCharCode(code)) {
      case '\x80': {
        const protocol = cursor.byte();
        if (protocol > 5) throw fail(`protocol ${protocol}`);
        break;
      }
      case '\x95': // a frame: its length
        cursor.bytes(8, 8);
        break;
      case '.':
        return pop();
      case '(':
        stack.push(MARK);
        break;
      case '0':
        if (stack.pop() === undefined) throw fail('an empty stack');
        break;
      case '1':
        marked();
        break;
      case '2':
        stack.push(top());
        break;
      case 'N':
        push(null);
        break;
      case '\x88':
        push(true);
        break;
      case '\x89':
        push(false);
        break;
      case 'I': {
        const digits = word();
        push(digits === '01' ? true : digits === '00' ? false : integerOf(digits));
        break;
      }
      case 'L':
        push(integerOf(word()));
        break;
      case 'F': {
        const value = Number(word());
        push(value);
        break;
      }
      case 'J':
        push(cursor.integer(4) | 0);
        break;
      case 'K':
        push(cursor.integer(1));
        break;
      case 'M':
        push(cursor.integer(2));
        break;
      case '\x8a':
        push(longOf(cursor.bytes(cursor.integer(1), MAX_WORD)));
        break;
      case '\x8b':
        push(longOf(cursor.bytes(cursor.integer(4), MAX_WORD)));
        break;
      case 'G':
        push(new DataView(cursor.bytes(8, 8).buffer).getFloat64(0));
        break;
      case 'S':
        push(textOrBytes(unescapeBytes(cursor.line(MAX_BYTES))));
        break;
      case 'V':
        push(unescapeText(cursor.line(MAX_BYTES)));
        break;
      case 'U':
        push(textOrBytes(cursor.bytes(cursor.integer(1), MAX_BYTES)));
        break;
      case 'T':
        push(textOrBytes(cursor.bytes(cursor.integer(4), MAX_BYTES)));
        break;
      case 'X':
        push(text(cursor.integer(4)));
        break;
      case '\x8c':
        push(text(cursor.integer(1)));
        break;
      case '\x8d':
        push(text(cursor.integer(8)));
        break;
      case 'C':
        push(cursor.bytes(cursor.integer(1), MAX_BYTES));
        break;
      case 'B':
        push(cursor.bytes(cursor.integer(4), MAX_BYTES));
        break;
      case '\x8e':
      case '\x96':
        push(cursor.bytes(cursor.integer(8), MAX_BYTES));
        break;
      case ')':
        push(new PyList([], true));
        break;
      case 't':
        push(new PyList(marked(), true));
        break;
      case '\x85':
        push(new PyList([pop()], true));
        break;
      case '\x86': {
        const second = pop();
        push(new PyList([pop(), second], true));
        break;
      }
      case '\x87': {
        const [third, second] = [pop(), pop()];
        push(new PyList([pop(), second, third], true));
        break;
      }
      case ']':
      case '\x8f':
        push(new PyList([]));
        break;
      case 'l':
      case '\x91':
        push(new PyList(marked()));
        break;
      case 'a': {
        const item = pop();
        append([item]);
        break;
      }
      case 'e':
      case '\x90':
        append(marked());
        break;
      case '}':
        push(new PyDict());
        break;
      case 'd': {
        const items = marked();
        push(new PyDict());
        setItems(items);
        break;
      }
      case 's': {
        const value = pop();
        setItems([pop(), value]);
        break;
      }
      case 'u':
        setItems(marked());
        break;
      case 'c':
        push(global(word(), word()));
        break;
      case '\x93': {
        const name = pop();
        push(global(pop(), name));
        break;
      }
      case '\x82':
      case '\x83':
      case '\x84':
        push(new PyGlobal(`extension ${cursor.integer(2 ** (code - 0x82))}`));
        break;
      case 'R':
      case '\x81': {
        const args = popTuple();
        call(popGlobal(), args);
        break;
      }
      case '\x92': {
        const named = pop();
        const args = popTuple();
        call(popGlobal(), [...args, named]);
        break;
      }
      case 'i': {
        const callee = global(word(), word());
        call(callee, marked());
        break;
      }
      case 'o': {
        const [callee, ...args] = marked();
        call(callee instanceof PyGlobal ? callee : new PyGlobal('an object'), args);
        break;
      }
      case 'b':
        build();
        break;
      case 'P':
        push(new PyStorage(word()));
        break;
      case 'Q':
        push(new PyStorage(pop()));
        break;
      case 'p':
        memo.set(Number(word()), top());
        break;
      case 'q':
        memo.set(cursor.integer(1), top());
        break;
      case 'r':
        memo.set(cursor.integer(4), top());
        break;
      case '\x94':
        memo.set(memo.size, top());
        break;
      case 'g':
        get(Number(word()));
        break;
      case 'h':
        get(cursor.integer(1));
        break;
      case 'j':
        get(cursor.integer(4));
        break;
      case '\x97':
      case '\x98': // buffers that lie outside: none here
      default:
        throw fail(`the opcode 0x${code.toString(16).padStart(2, '0')}`);
    }
  }
}

function show(value: PyValue): string {
  return typeof value === 'string' ? value : 'unknown';
}

/** Returns a signed little-endian integer. */
function longOf(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  const isNegative = bytes.length > 0 && lastOf(bytes) >= 0x80;
  return plain(isNegative ? value - (1n << BigInt(8 * bytes.length)) : value);
}

/** Returns a number if it holds the integer exactly. */
function plain(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
