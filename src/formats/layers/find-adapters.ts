import type { LayerKind, NamedTensor, Skipped } from '../model-file.js';
import { firstOf } from '../../lookups.js';
import { matricesOf } from './matrix-of.js';
import type { WeightMatrix } from './weight-matrix.js';

/** The two halves of low-rank adapters, by the conventions of PEFT and loralib, kohya, and diffusers. */
const halves: readonly { readonly pattern: RegExp; readonly half: 'down' | 'up' }[] = [
  { pattern: /[._]lora_(?:embedding_)?A(?:\.(?!weight$)(\w+))?(?:\.weight)?$/, half: 'down' },
  { pattern: /[._]lora_(?:embedding_)?B(?:\.(?!weight$)(\w+))?(?:\.weight)?$/, half: 'up' },
  { pattern: /[._]lora[._]down(?:\.(?!weight$)(\w+))?(?:\.weight)?$/, half: 'down' },
  { pattern: /[._]lora[._]up(?:\.(?!weight$)(\w+))?(?:\.weight)?$/, half: 'up' },
];

/** The adapters of a model, by the name of their first tensor, and the tensors that belong to them. */
export interface Adapters {
  readonly layers: ReadonlyMap<string, WeightMatrix>;
  readonly parts: ReadonlySet<string>;
  readonly skipped: readonly Skipped[];
}

interface Pair {
  down?: NamedTensor;
  up?: NamedTensor;
  first: string;
}

/**
 * Returns the low-rank adapters of a model, each as one matrix B A. The halves are `lora_B` and `lora_A` (PEFT) or
 * `lora_up` and `lora_down` (kohya, diffusers). A convolution has its kernel in the down half, r x inputs x positions;
 * its up half is 1 x 1. A half without the other, and halves that do not fit, are left out with the reason.
 */
export function findAdapters(tensors: readonly NamedTensor[]): Adapters {
  const pairs = new Map<string, Pair>();
  for (const tensor of tensors)
    for (const { pattern, half } of halves) {
      const found = pattern.exec(tensor.name);
      if (!found) continue;
      const key = tensor.name.slice(0, found.index) + (found[1] === undefined ? '' : `.${found[1]}`);
      const pair = pairs.get(key) ?? { first: tensor.name };
      pair[half] = tensor;
      pairs.set(key, pair);
      break;
    }
  const layers = new Map<string, WeightMatrix>();
  const parts = new Set<string>();
  const skipped: Skipped[] = [];
  if (pairs.size === 0) return { layers, parts, skipped };
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  for (const [name, { down, up, first }] of pairs) {
    const alpha = byName.get(`${name}.alpha`);
    const middle = byName.get(`${name}.lora_mid.weight`);
    for (const part of [down, up, alpha, middle]) if (part) parts.add(part.name);
    if (!down || !up) {
      skipped.push({ name, reason: `${first} without its other half` });
      continue;
    }
    const reason = unfit(down, up, alpha, middle);
    if (reason !== undefined) skipped.push({ name, reason });
    else layers.set(first, adapterMatrix(name, down, up, alpha));
  }
  return { layers, parts, skipped };
}

/** Returns the reason why two halves do not form an adapter. */
function unfit(
  down: NamedTensor,
  up: NamedTensor,
  alpha: NamedTensor | undefined,
  middle: NamedTensor | undefined,
): string | undefined {
  if (middle) return 'a factor between the halves (lora_mid), which is not read';
  for (const { name, shape } of [down, up])
    if (shape.length < 2 || shape.includes(0)) return `${name} has the shape ${shape.join(' x ')}: no matrix`;
  if (down.shape[0] !== up.shape[1])
    return `rank ${down.shape[0]} in ${down.name}, ${up.shape[1]} in ${up.name}`;
  if (up.shape.slice(2).some((n) => n !== 1))
    return `${up.name} has a kernel of ${up.shape.slice(2).join(' x ')}: no product of two matrices`;
  if (alpha && alpha.shape.some((n) => n !== 1))
    return `${alpha.name} has the shape ${alpha.shape.join(' x ')}, and not one number`;
  return undefined;
}

function adapterMatrix(
  name: string,
  downTensor: NamedTensor,
  upTensor: NamedTensor,
  alpha: NamedTensor | undefined,
): WeightMatrix {
  const [down, up] = [downTensor, upTensor].map((tensor) => flat(tensor)) as [WeightMatrix, WeightMatrix];
  const [rows, columns, rank] = [up.rows, down.columns, down.rows];
  const scale = async () => {
    if (!alpha) return 1;
    const [value = NaN] = await alpha.read(0, 1);
    if (!Number.isFinite(value)) throw new RangeError(`${value} as alpha in ${alpha.name}`);
    return value / rank;
  };
  return {
    name,
    aliases: [],
    kind: down.kind,
    rows,
    columns,
    shape: [upTensor.shape[0]!, ...downTensor.shape.slice(1)],
    dtype: downTensor.dtype,
    quantisation: downTensor.quantisation ?? upTensor.quantisation,
    notes: alpha ? [] : ['no alpha beside it: used without a factor, which changes no relative number'],
    adapter: { rank, down, up, scale },
    async read(row, count, column = 0, width = columns - column) {
      const [left, right] = [await up.read(row, count), await down.read(0, rank, column, width)];
      const factor = await scale();
      const wide = left instanceof Float64Array || right instanceof Float64Array;
      const out = wide ? new Float64Array(count * width) : new Float32Array(count * width);
      const line = new Float64Array(width);
      for (let i = 0; i < count; i++) {
        line.fill(0);
        for (let k = 0; k < rank; k++) {
          const times = factor * left[i * rank + k]!;
          for (let j = 0, at = k * width; j < width; j++, at++) line[j]! += times * right[at]!;
        }
        out.set(line, i * width);
      }
      return out;
    },
  };
}

/** Returns a half as a matrix: its first axis the rows, all others the columns. */
function flat(tensor: NamedTensor): WeightMatrix {
  const columns = tensor.shape.map((_, axis) => axis).slice(1);
  const kind: LayerKind = /lora_embedding/.test(tensor.name)
    ? 'embedding'
    : tensor.shape.length > 2
      ? 'convolution'
      : 'linear';
  return firstOf(matricesOf(tensor, { kind, rows: [0], columns }, { notes: [] }));
}
