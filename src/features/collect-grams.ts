import { invalid } from '../errors.js';
import { checkOptions } from '../fields.js';
import type { ValuePlace } from './feature-places.js';
import type { CollectOptions, FeatureGram, FeatureStage, ModelInputs } from './feature-statistics.js';
import { featureStages } from './feature-statistics.js';
import type { Runnable } from './runnable.js';
import { groupValues, sumFeatures } from './sum-features.js';

/** Bytes of Gram matrices held at once. */
export const GRAM_BYTES = 2 ** 29;

/**
 * Yields the Gram matrices of the features of every layer, not centred, with the sums of their channels, in forward order;
 * those of the parts of one place follow one another. Layers whose features cannot be had are told to `onSkipped`.
 *
 * @throws RangeError for an invalid option; the signal's reason
 * @example
 * for await (const { layer, stage, gram, sums } of collectGrams(model, inputs, { stages: ['before'] })) ...
 */
export async function* collectGrams(
  runnable: Runnable,
  inputs: ModelInputs,
  options: CollectOptions = {},
): AsyncGenerator<FeatureGram> {
  checkOptions(options, [
    ...['parts', 'stages', 'layers', 'batch', 'memoryBytes', 'signal', 'onProgress', 'onSkipped'],
  ]);
  const { stages = ['before', 'after'], layers = () => true, memoryBytes = GRAM_BYTES } = options;
  const parts = options.parts ?? [Array.from({ length: inputs.count }, (_, i) => i)];
  checkParts(parts, inputs.count);
  const wrong = stages.find((stage) => !featureStages.includes(stage));
  if (wrong !== undefined) throw invalid('stage', wrong, featureStages.join(', '));
  const wanted = runnable.places
    .filter(({ layer }) => layers(layer))
    .flatMap((place) =>
      featureStages.flatMap((stage): { layer: string; stage: FeatureStage; place: ValuePlace }[] => {
        const at = place.stages[stage];
        return at && stages.includes(stage) ? [{ layer: place.layer, stage, place: at }] : [];
      }),
    );
  const groups = groupValues(
    wanted.map(({ place }) => place),
    memoryBytes,
    parts.length,
  );
  const each = parts.reduce((sum, { length }) => sum + length, 0);
  for (const [i, group] of groups.entries()) {
    options.signal?.throwIfAborted();
    const { sums, failed } = await sumFeatures(runnable, inputs, group, {
      ...{ parts, fresh: true, batch: options.batch, signal: options.signal },
      onInputs: (done) => options.onProgress?.({ done: i * each + done, total: groups.length * each }),
    });
    options.signal?.throwIfAborted();
    const own = new Set(group.map(({ value }) => value));
    for (const { layer, stage, place } of wanted) {
      const { value, channels } = place;
      if (!own.has(value)) continue;
      const reason = failed.get(value);
      if (reason !== undefined) {
        options.onSkipped?.({ name: layer, reason: `${value}: ${reason}` });
        continue;
      }
      for (const [part, sum] of sums.entries()) {
        const { gram, columns } = sum.get(value)!;
        yield { layer, stage, value, channels, columns, gram: gram.entries(), sums: gram.sums, part };
      }
    }
  }
}

function checkParts(parts: readonly (readonly number[])[], count: number): void {
  if (parts.length === 0 || parts.some(({ length }) => length === 0))
    throw invalid('parts', `${parts.length} parts`, 'at least one part, none of them empty');
  const wrong = parts.flat().find((index) => !Number.isSafeInteger(index) || index < 0 || index >= count);
  if (wrong !== undefined) throw invalid('input', wrong, `a whole number from 0 to ${count - 1}`);
}
