import { readFileSync, statSync } from 'node:fs';
import { invalid, messageOf } from '../../errors.js';
import { decodeNumbers } from '../../formats/decode-numbers.js';
import type { ModelFile } from '../../formats/model-file.js';
import { packageVersion } from '../../package-version.js';
import { featurePlaces } from './feature-places.js';
import type { Feed } from '../inputs/model-inputs.js';
import { loadOptional } from './load-optional.js';
import { firstNodes, hasExternalData, nodeOutputs, withOutputs } from './onnx-bytes.js';
import type { Runnable, ValueNumbers, VisitValue } from './runnable.js';

/** The most bytes of a protobuf message; the numbers of a larger ONNX model lie in files beside it. */
const MAX_BYTES = 2 ** 31 - 1;

/** The part of ONNX Runtime that is used; `onnxruntime-web` and `onnxruntime-node` have it in common. */
interface Runtime {
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (type: string, data: Feed['data'], dims: readonly number[]) => object;
  readonly env: { readonly wasm?: { numThreads?: number }; logLevel?: string };
}
interface Session {
  readonly outputNames: readonly string[];
  run(feeds: Record<string, object>, outputs: readonly string[]): Promise<Record<string, OnnxTensor>>;
  release?(): Promise<void>;
}
interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint> & ArrayBufferView;
  dispose?(): void;
}

// a variable, so that the compiler does not ask for the types of a package that is not installed
const native: string = 'onnxruntime-node';

/**
 * Returns an ONNX model that runs on ONNX Runtime: `onnxruntime-node` where it is installed, else `onnxruntime-web`, on
 * WebAssembly. Values inside it are further outputs of a copy of its bytes.
 * @throws Error where neither is installed; RangeError for a model of more than 2 GB or with numbers in other files
 */
export async function runOnnx(file: ModelFile): Promise<Runnable> {
  const { size } = statSync(file.path);
  if (size > MAX_BYTES)
    throw invalid('model to run', `${file.path}, ${size} bytes`, 'at most 2 GB, the limit of protobuf');
  const bytes = new Uint8Array(readFileSync(file.path));
  if (hasExternalData(bytes))
    throw invalid(
      'model to run',
      `${file.path}, with numbers in other files`,
      'one whole file; save it without external data',
    );
  const { runtime, name } = await loadRuntime();
  const provider = name === native ? 'cpu' : 'wasm';
  const { places, skipped } = featurePlaces(file);
  const outputs = (file.graph?.outputs ?? []).map(({ name: output }) => output);
  const values = new Set(
    places.flatMap(({ input, stages }) => [input, ...Object.values(stages)]).map(({ value }) => value),
  );
  for (const input of file.graph?.inputs ?? []) values.delete(input.name);
  const session = sessionOf(runtime, provider, bytes, { outputs, values: [...values] });
  const types = new Map((file.graph?.inputs ?? []).map((input) => [input.name, input.dtype]));
  return {
    ...{ path: file.path, format: file.format, inputs: file.graph?.inputs ?? [], places, skipped },
    runner: `${name} ${packageVersion(name)}`,
    async run(feeds, wanted, visit) {
      const given = Object.fromEntries(
        [...feeds].map(([input, { data, shape }]) => {
          const type = types.get(input) ?? 'float32';
          return [input, new runtime.Tensor(type, data, shape)];
        }),
      );
      const opened = await session.open();
      const there = wanted.filter((value) => opened.values.has(value));
      if (opened.session && there.length > 0) await runSession(opened.session, given, there, visit);
      if (there.length < wanted.length) throw opened.failure ?? new Error('no node of the graph makes it');
    },
    close() {
      session.close();
      file.close();
    },
  };
}

async function runSession(
  session: Session,
  given: Record<string, object>,
  values: readonly string[],
  visit: VisitValue,
) {
  const results = await session.run(given, values);
  for (const value of values) {
    const tensor = results[value];
    if (!tensor) continue;
    visit(value, { shape: tensor.dims, data: numbersOf(tensor) });
    tensor.dispose?.();
  }
}

async function loadRuntime(): Promise<{ runtime: Runtime; name: string }> {
  try {
    return { runtime: defaultOf(await import(native)), name: native };
  } catch {
    // the usual case: it is not installed
  }
  const name = 'onnxruntime-web';
  const runtime = await loadOptional(name, 'ONNX models that run', async () =>
    defaultOf(await import('onnxruntime-web')),
  );
  // one thread adds up in one order, whatever the machine
  if (runtime.env.wasm) runtime.env.wasm.numThreads = 1;
  runtime.env.logLevel = 'fatal';
  return { runtime, name };
}

function defaultOf(module: unknown): Runtime {
  const { default: inner } = module as { default?: Runtime };
  return inner?.InferenceSession ? inner : (module as Runtime);
}

interface Opened {
  readonly session: Session | undefined;
  /** The wanted values that the session gives. */
  readonly values: ReadonlySet<string>;
  /** The reason why the others are missing. */
  readonly failure?: Error | undefined;
}

/** Opens one session, when it is first needed. */
function sessionOf(
  runtime: Runtime,
  provider: 'cpu' | 'wasm',
  model: Uint8Array,
  { outputs, values }: { readonly outputs: readonly string[]; readonly values: readonly string[] },
) {
  const create = (bytes: Uint8Array, graphOptimizationLevel: 'all' | 'disabled') =>
    runtime.InferenceSession.create(bytes, {
      ...{ graphOptimizationLevel, logSeverityLevel: 4 },
      executionProviders: [provider],
    });
  let opened: Promise<Opened> | undefined;
  return {
    open: () => (opened ??= openSession(create, model, outputs, values)),
    close: () => void opened?.then(({ session }) => session?.release?.()),
  };
}

async function openSession(
  create: (bytes: Uint8Array, level: 'all' | 'disabled') => Promise<Session>,
  model: Uint8Array,
  outputs: readonly string[],
  wanted: readonly string[],
): Promise<Opened> {
  const nodes = nodeOutputs(model);
  const made = new Map(nodes.flatMap((outputs, i) => outputs.map((output) => [output, i] as const)));
  // a value that is an output already would be one twice
  const further = wanted.filter((value) => !outputs.includes(value));
  const all = [...outputs, ...further];
  let failure: unknown;
  for (const level of ['all', 'disabled'] as const) {
    try {
      const session = await create(withOutputs(model, further), level);
      const missing = all.filter((value) => !session.outputNames.includes(value));
      if (missing.length === 0) return { session, values: new Set(all) };
      failure = new Error(`ONNX Runtime does not give ${missing.slice(0, 3).join(', ')}`);
      await session.release?.();
    } catch (error) {
      failure = error;
    }
  }
  // an operation that cannot run: the longest run of first nodes that can
  let [good, bad] = [0, nodes.length];
  let best: Session | undefined;
  const within = (count: number) => all.filter((value) => (made.get(value) ?? Infinity) < count);
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const values = within(middle);
    try {
      const session = await create(
        firstNodes(model, middle, values.length > 0 ? values : (nodes[middle - 1] ?? [])),
        'disabled',
      );
      await best?.release?.();
      best = session;
      good = middle;
    } catch (error) {
      failure = error;
      bad = middle;
    }
  }
  return { session: best, values: new Set(best ? within(good) : []), failure: asError(failure) };
}

function asError(error: unknown): Error {
  const [first = ''] = messageOf(error).split('\n');
  const text = /ERROR_MESSAGE: (.*)/.exec(first)?.[1] ?? first;
  return new Error(text, { cause: error });
}

function numbersOf({ type, data }: OnnxTensor): ValueNumbers['data'] {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (type === 'float16')
    return decodeNumbers(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      'float16',
    ) as Float32Array;
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}
