import type { ModelFile } from '../model-file.js';
import { graphNormalizations } from './graph-normalizations.js';
import type { FollowingNormalization } from './weight-matrix.js';

/** Returns the normalization behind each layer, by the name of its weight, as far as names or the graph tell. */
export function normalizationsOf(model: ModelFile): Map<string, FollowingNormalization> {
  if (model.graph) return graphNormalizations(model.graph, model.tensors);
  const statistic = /^(.*?)([./])(running_mean|moving_mean)$/;
  const found = new Map<string, FollowingNormalization>();
  const lengths = new Map<string, number | undefined>();
  for (const { name, shape } of model.tensors) {
    const [, module] = statistic.exec(name) ?? [];
    if (module !== undefined) lengths.set(module, shape[0]);
  }
  if (lengths.size === 0) return found;
  for (const { name, shape } of model.tensors) {
    const [, module] = /^(.+)[./](weight|kernel|depthwise_kernel)$/.exec(name) ?? [];
    if (module === undefined || shape.length < 2) continue;
    const isOutput = (length: number | undefined) => length !== undefined && shape.includes(length);
    const beside = neighbours(module).find((one) => isOutput(lengths.get(one)));
    if (beside !== undefined) found.set(name, { name: beside, known: false });
  }
  return found;
}

/** Returns the names that a normalization behind a module has by the usual conventions: conv1 and bn1, 0 and 1. */
function neighbours(module: string): string[] {
  const at = Math.max(module.lastIndexOf('.'), module.lastIndexOf('/')) + 1;
  const [before, last] = [module.slice(0, at), module.slice(at)];
  if (/^\d+$/.test(last)) return [`${before}${Number(last) + 1}`];
  const renamed = ['bn', 'norm', 'batch_norm', 'batchnorm'].map((word) =>
    last.replace(/conv2d|conv|fc|linear|dense/i, (match) =>
      /^[A-Z]/.test(match) ? word.toUpperCase() : word,
    ),
  );
  const behind = ['_bn', '_BN', '_norm', '/bn', '.bn'].map((word) => last + word);
  return [...renamed, 'bn', 'norm', ...behind].filter((name) => name !== last).map((name) => before + name);
}
