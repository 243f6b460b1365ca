import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from '../errors.js';
import { featurePlaces } from '../features/running/feature-places.js';
import type { Runnable } from '../features/running/runnable.js';
import type { ModelInputs } from '../features/inputs/model-inputs.js';
import { tfjsArtifacts } from '../features/running/tfjs-artifacts.js';
import { makeFolder } from '../files/make-folder.js';
import { reasonOf } from '../files/reason.js';
import { writeWhole } from '../files/write-whole.js';
import { lengthOf } from '../formats/elements.js';
import type { ModelFile, NamedTensor, Skipped } from '../formats/model-file.js';
import { writeSafetensors, type WrittenTensor } from '../formats/safetensors/write-safetensors.js';
import type { ModelPlan } from './plan-model.js';
import { splitGraph, type NewTensor, type RawNode } from './split-graph.js';
import { splitKeras } from './split-keras.js';
import { splitOnnx } from './split-onnx.js';

/** The files and layers that were written. */
export interface AppliedPlan {
  readonly paths: readonly string[];
  /** Layers written as two. Layers that would save but stay unchanged in the runnable model have the reason. */
  readonly applied: readonly string[];
  readonly left: readonly Skipped[];
  /** The runnable model; null for formats of which only the weights are written. */
  readonly model: string | null;
}

/** @throws RangeError for a folder that holds something */
export function checkApplyFolder(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory() || readdirSync(folder).length > 0)
    throw invalid('apply', folder, 'a folder that is empty or not there yet');
}

/**
 * Makes the folder of a plan and tries to write into it. So a long plan does not end at a folder that cannot be written.
 * @throws RangeError for a folder that holds something or cannot be written
 */
export async function claimApplyFolder(folder: string): Promise<void> {
  checkApplyFolder(folder);
  const probe = join(folder, 'factors.safetensors.tmp');
  try {
    await makeFolder(folder);
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    throw Object.assign(invalid('apply', folder, `a folder that can be written; ${reasonOf(cause)}`), {
      cause,
    });
  }
}

/**
 * Writes a model with the layers that save split in two. `factors.safetensors` has every tensor, of a split layer NAME
 * `NAME.first` (rank x inputs), `NAME.second` (outputs x rank) and `NAME.shift`: its bias b becomes second secondᵀ b + shift.
 * Models of TensorFlow.js are written as `model.json` too, and ONNX models as `model.onnx`, which run.
 *
 * @throws RangeError for a folder that holds something or cannot be written; FileWriteError
 */
export async function applyPlan(file: ModelFile, plan: ModelPlan, folder: string): Promise<AppliedPlan> {
  await claimApplyFolder(folder);
  const saving = plan.layers.filter(({ saves, rank }) => saves && rank > 0);
  const pattern = Object.fromEntries(saving.map(({ layer, rank }) => [layer, rank]));
  const split = new Map(saving.map((layer) => [layer.layer, layer]));
  const tensors = file.tensors.flatMap((tensor): WrittenTensor[] => {
    const { name, shape } = tensor;
    const factors = split.get(name)?.factors;
    const read = () => tensor.read(0, lengthOf(shape));
    if (!factors) return [{ name, shape, dtype: isWide(tensor) ? 'F64' : 'F32', read }];
    const { first, second, shift } = factors;
    const part = (
      end: string,
      size: readonly number[],
      data: Float64Array | Float32Array,
    ): WrittenTensor => ({
      ...{ name: `${name}.${end}`, shape: size, dtype: 'F32' },
      read: () => data,
    });
    return [
      part('first', [first.rows, first.columns], first.data),
      part('second', [second.rows, second.columns], second.data),
      part('shift', [shift.length], shift),
    ];
  });
  const weights = join(folder, 'factors.safetensors');
  await writeSafetensors(weights, tensors, {
    format: 'rankscope plan',
    error: String(plan.error),
    rank_pattern: JSON.stringify(pattern),
  });
  if (file.format === 'onnx') {
    const factors = new Map(saving.map((layer) => [layer.layer, layer.factors]));
    const { model, applied, left } = await splitOnnx(new Uint8Array(readFileSync(file.path)), file, factors);
    const path = join(folder, 'model.onnx');
    await writeWhole(path, Buffer.from(model.buffer));
    return { paths: [weights, path], applied, left, model: path };
  }
  if (file.format !== 'tfjs-layers' && file.format !== 'tfjs-graph')
    return { paths: [weights], applied: saving.map(({ layer }) => layer), left: [], model: null };
  const { applied, left, paths } = await writeTfjs(file, split, folder);
  return { paths: [weights, ...paths], applied, left, model: join(folder, 'model.json') };
}

/** Integers beyond 2^24 would not survive float32. */
function isWide({ dtype }: NamedTensor): boolean {
  return ['float64', 'int32', 'uint32', 'int64', 'uint64'].includes(dtype);
}

async function writeTfjs(
  file: ModelFile,
  split: ReadonlyMap<string, ModelPlan['layers'][number]>,
  folder: string,
): Promise<{ applied: string[]; left: Skipped[]; paths: string[] }> {
  const [lost] = file.skipped;
  if (lost)
    throw invalid(
      'model to apply a plan to',
      `${lost.name}: ${lost.reason}`,
      'a model whose tensors are all read',
    );
  const { weightSpecs: _, weightData: __, ...artifacts } = await tfjsArtifacts(file);
  const byName = new Map(file.tensors.map((tensor) => [tensor.name, tensor]));
  const biasOf = async (name: string) => {
    const tensor = byName.get(name);
    return tensor && tensor.read(0, lengthOf(tensor.shape));
  };
  const responses = new Map(
    featurePlaces(file).places.map(({ layer, stages }) => [layer, stages.response?.value]),
  );
  const [applied, left]: [string[], Skipped[]] = [[], []];
  const [fresh, gone] = [[] as NewTensor[], new Set<string>()];
  let topology: { node?: readonly RawNode[] } = artifacts.modelTopology as typeof topology;
  for (const [name, { factors }] of split) {
    const found =
      file.format === 'tfjs-graph'
        ? await splitGraph(topology.node ?? [], name, factors, {
            tensors: byName,
            response: responses.get(name),
          })
        : await splitKeras(topology, name, factors, biasOf);
    if ('reason' in found) {
      left.push({ name, reason: found.reason });
      continue;
    }
    topology =
      file.format === 'tfjs-graph'
        ? { ...topology, node: found.topology as readonly RawNode[] }
        : (found.topology as typeof topology);
    applied.push(name);
    fresh.push(...found.tensors);
    for (const one of found.gone) gone.add(one);
  }
  const specs: { name: string; shape: readonly number[]; dtype: string }[] = [];
  const bytes: Uint8Array[] = [];
  const add = (name: string, shape: readonly number[], dtype: string, data: ArrayBufferView) => {
    specs.push({ name, shape, dtype });
    bytes.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  };
  for (const { name, shape, dtype, read } of file.tensors) {
    if (gone.has(name)) continue;
    const numbers = await read(0, lengthOf(shape));
    if (dtype === 'int32') add(name, shape, 'int32', Int32Array.from(numbers));
    else if (dtype === 'bool') add(name, shape, 'bool', Uint8Array.from(numbers));
    else add(name, shape, 'float32', Float32Array.from(numbers));
  }
  for (const { name, shape, data } of fresh) add(name, shape, 'float32', data);
  // a network of our own is no longer that of its description
  const { userDefinedMetadata: ___, ...others } = artifacts;
  const model = {
    ...others,
    modelTopology: topology,
    weightsManifest: [{ paths: ['weights.bin'], weights: specs }],
  };
  const paths = ['weights.bin', 'model.json'].map((name) => join(folder, name)) as [string, string];
  await writeWhole(paths[0], Buffer.concat(bytes));
  await writeWhole(paths[1], JSON.stringify(model));
  return { applied, left, paths };
}

/** The difference between the outputs of two models. */
export interface OutputErrors {
  readonly output: string;
  /**
   * ‖Y' - Y‖ / ‖Y‖, Frobenius, over all inputs. It is null where the two models put out different counts of numbers, Y
   * is zero and Y' is not, or numbers are not finite.
   */
  readonly error: number | null;
  /** Share of the inputs whose largest output is the same; null for outputs that are not one list per input. */
  readonly agreement: number | null;
}

/** Runs two models on inputs and returns the errors of the second's outputs. */
export async function compareOutputs(
  file: ModelFile,
  [one, other]: readonly [Runnable, Runnable],
  inputs: ModelInputs,
  indices: readonly number[],
): Promise<OutputErrors[]> {
  const names = file.graph?.outputs.map(({ name }) => name) ?? [];
  const sums = new Map(
    names.map((name) => [name, { rest: 0, whole: 0, same: 0, seen: 0, listed: true, alike: true }]),
  );
  for (const index of indices) {
    const feeds = await inputs.read([index]);
    const before = new Map<string, { shape: readonly number[]; data: Float32Array | Float64Array }>();
    await one.run(feeds, names, (name, { shape, data }) => before.set(name, { shape, data: data.slice() }));
    await other.run(feeds, names, (name, { data }) => {
      const [sum, known] = [sums.get(name), before.get(name)];
      if (!sum || !known) return;
      sum.alike &&= data.length === known.data.length;
      for (const [i, value] of known.data.entries()) {
        // such as two NaN, or masks of minus infinity
        if (Object.is(data[i], value) && !Number.isFinite(value)) continue;
        sum.rest += (data[i]! - value) ** 2;
        sum.whole += value ** 2;
      }
      sum.seen++;
      sum.listed &&= known.shape.filter((size) => size > 1).length === 1;
      if (largestOf(data) === largestOf(known.data)) sum.same++;
    });
  }
  return [...sums].flatMap(([output, { rest, whole, same, seen, listed, alike }]) =>
    seen === 0
      ? []
      : [
          {
            output,
            error: alike ? ratio(rest, whole) : null,
            agreement: listed ? same / seen : null,
          },
        ],
  );
}

function ratio(rest: number, whole: number): number | null {
  const error = rest === 0 ? 0 : Math.sqrt(rest / whole);
  return Number.isFinite(error) ? error : null;
}

function largestOf(data: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < data.length; i++) if (data[i]! > data[best]!) best = i;
  return best;
}
