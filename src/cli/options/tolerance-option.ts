import { toleranceForms } from '../../rank/tolerance.js';
import { list } from './option.js';
import { valuesIn } from './values-in.js';

/** Returns the option `--tolerance`: a list of rules. */
export function toleranceOption<const D extends { group?: string | undefined; default: string }>(
  note: string,
  details: D,
) {
  const values = valuesIn(toleranceForms);
  return list(`Which singular values count as zero: ${toleranceForms.join(', ')}${note}`, {
    ...details,
    values,
    split: splitTolerances,
  });
}

/** Splits `numpy,relative:0.1` at commas before a rule; `torch:rtol=R,atol=T` is one rule with a comma. */
export function splitTolerances(text: string): string[] {
  return text.split(/,(?!\s*[ar]tol\s*=)/);
}
