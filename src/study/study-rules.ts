import { layerRules, type LayerRules } from '../layers/layer-rules.js';
import { parseTolerances, type Tolerance } from '../rank/tolerance.js';
import type { Study } from './study.js';

/** A study with every notation of its protocol parsed, once for all its layers. */
export interface StudyRules {
  readonly study: Study;
  readonly layer: LayerRules;
  readonly tolerances: readonly Tolerance[];
}

/** Returns the rules of a resolved study. */
export function studyRules(study: Study): StudyRules {
  const { protocol } = study;
  return { study, layer: layerRules(protocol), tolerances: parseTolerances(protocol.tolerances) };
}
