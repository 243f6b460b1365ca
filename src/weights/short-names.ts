import { commonStart } from './match-layers.js';

/** Last parts of names that name the kind of tensor, not the layer. */
const KIND_PART =
  /[./](?:weight|kernel|depthwise_kernel|merged_input|ReadVariableOp|depthwise|convolution|Conv2D|MatMul)(?:_weights)?$/;

/** Returns each name without the first parts common to all, and without last parts that distinguish no layers. */
export function shortNames(names: readonly string[]): Map<string, string> {
  const full = [...new Set(names)];
  let short = full.map((name) => name.slice(commonStart(full)));
  for (let round = 0; round < 4; round++) {
    const shorter = short.map((name) => name.replace(KIND_PART, ''));
    const counts = new Map<string, number>();
    for (const name of shorter) counts.set(name, (counts.get(name) ?? 0) + 1);
    short = short.map((name, i) => {
      const stripped = shorter[i] as string;
      return counts.get(stripped) === 1 ? stripped : name;
    });
  }
  return new Map(full.map((name, i) => [name, short[i] as string]));
}
