import { invalid } from '../../errors.js';
import type { Layout, Skipped } from '../model-file.js';
import { PyCall, PyDict, PyList, type PyValue } from '../pickle/python-values.js';
import { type FoundTensor, foundTensor } from './found-tensor.js';
import { moduleLayout } from './module-layout.js';

/** A tensor and its place in the pickled value. */
export interface PlacedTensor {
  readonly path: readonly string[];
  readonly tensor: FoundTensor;
  readonly layout?: Layout | undefined;
}

/** The limits of the search: depth of values, and number of values. A shared value counts at each of its places. */
const MAX_DEPTH = 200;
const MAX_VISITS = 5_000_000;

/**
 * Returns the tensors in a pickled value, with the names that state dicts have. The attributes `_modules`,
 * `_parameters` and `_buffers` of modules are left out of the path. Other values are ignored.
 */
export function findTensors(root: PyValue): { tensors: PlacedTensor[]; skipped: Skipped[] } {
  const tensors: PlacedTensor[] = [];
  const skipped: Skipped[] = [];
  const open = new Set<PyValue>();
  let visits = 0;

  const visit = (value: PyValue | undefined, path: readonly string[], owner?: PyCall): void => {
    if (typeof value !== 'object' || value === null || open.has(value)) return;
    if (++visits > MAX_VISITS) throw invalid('pickle', `more than ${MAX_VISITS} values`, 'a model');
    if (path.length > MAX_DEPTH)
      throw invalid('pickle', `values ${MAX_DEPTH} deep in one another`, 'a model');
    open.add(value);
    if (value instanceof PyDict) {
      for (const [key, item] of value.entries) visit(item, [...path, nameOf(key)], owner);
    } else if (value instanceof PyList) {
      value.items.forEach((item, i) => visit(item, [...path, String(i)]));
    } else if (value instanceof PyCall) visitCall(value, path, owner);
    open.delete(value);
  };

  const visitCall = (call: PyCall, path: readonly string[], owner?: PyCall) => {
    const tensor = foundTensor(call);
    if (typeof tensor === 'string') skipped.push({ name: path.join('.') || 'the file', reason: tensor });
    else if (tensor) {
      const layout = owner && moduleLayout(owner, path.at(-1) ?? '', tensor.shape);
      tensors.push({ path, tensor, layout });
    } else {
      const state = call.state instanceof PyList ? call.state.items : [call.state];
      for (const part of state) {
        if (!(part instanceof PyDict)) continue;
        for (const [key, item] of part.entries) {
          // the parameters of a recurrent module once more
          if (key === '_flat_weights') continue;
          const isOwn = key === '_parameters' || key === '_buffers';
          const isInner = isOwn || key === '_modules';
          visit(
            item,
            isInner ? path : [...path, nameOf(key)],
            isOwn || isTorchScript(call) ? call : undefined,
          );
        }
      }
      visit(call.items, path);
      call.extra.forEach((item, i) => visit(item, [...path, String(i)]));
      visitArguments(call, path);
    }
  };

  const visitArguments = (call: PyCall, path: readonly string[]) => {
    const before = tensors.length;
    call.args.forEach((item, i) => visit(item, [...path, String(i)]));
    // a function that is not known may do anything with them
    for (const { path: own } of tensors.splice(before))
      skipped.push({
        name: own.join('.'),
        reason: `an argument of ${call.callee.name}, which was not called`,
      });
  };

  visit(root, []);
  return { tensors, skipped };
}

/** In TorchScript parameters are attributes of the object itself. */
function isTorchScript({ callee }: PyCall): boolean {
  return callee.name.startsWith('__torch__.');
}

function nameOf(key: PyValue): string {
  return typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint' ? String(key) : '?';
}
