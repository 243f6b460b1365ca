import type * as core from '@tensorflow/tfjs-core';

/**
 * The operations of TensorFlow.js, loaded by `useBackend`. Importing rankscope does not load them, since `rank` and the
 * figures do not need them. The name stays valid however it was imported.
 *
 * @throws Error if an operation is used before `useBackend` was called
 */
export const tf = new Proxy({} as typeof core, {
  get: (_, name) => {
    if (typeof name === 'symbol' && !loaded) return undefined; // read by code that inspects an object, such as a console
    if (!loaded)
      throw new Error('missing tensor backend: none was started (call `await useBackend()` first)');
    return loaded[name as keyof typeof core];
  },
  has: (_, name) => loaded !== undefined && name in loaded,
});

/** The types of TensorFlow.js that go with the operations. */
// eslint-disable-next-line @typescript-eslint/no-namespace -- a name for types beside the value of that name, as tfjs has it
export declare namespace tf {
  export type Tensor<R extends core.Rank = core.Rank> = core.Tensor<R>;
  export type Tensor1D = core.Tensor1D;
  export type Tensor2D = core.Tensor2D;
  export type Tensor3D = core.Tensor3D;
  export type Tensor4D = core.Tensor4D;
  export type TensorLike = core.TensorLike;
  export type Rank = core.Rank;
  export type DataType = core.DataType;
  export type NamedTensorMap = core.NamedTensorMap;
}

let loaded: typeof core | undefined;

/** Loads TensorFlow.js; after this the operations of `tf` can be called. */
export async function loadTensors(): Promise<void> {
  loaded ??= await import('@tensorflow/tfjs-core');
}
