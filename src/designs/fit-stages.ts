import { stageShape } from '../networks/channel-curve.js';
import { countCosts } from '../networks/network-costs.js';
import { compareDeviations, deviationsOf, excessOf, missOf } from './budget.js';
import { type Fit, type FitOptions, roundingStep } from './fit-curve.js';

/**
 * Returns the fit, or a better one nearby if a and b alone leave too few choices. Each stage may become up to two
 * rounding steps narrower or wider. Among the fits within the budgets the one with the fewest steps is taken. With more
 * than six stages each moves by at most one step; with more than eight none moves.
 *
 * @param within the relative deviation within which a budget counts as met
 */
export function fitStages(fit: Fit, stages: readonly number[], within: number, options: FitOptions): Fit {
  const { budget, build, rounding, minChannels, slack } = options;
  const step = roundingStep(rounding);
  const moves = stages.length > 8 ? [0] : stages.length > 6 ? [-1, 0, 1] : [-2, -1, 0, 1, 2];
  const firsts = stages.map((_, i) => stages.slice(0, i).reduce((sum, length) => sum + length, 0));
  const widths = firsts.map((first) => fit.channels[first]!);
  let best = { fit, steps: Infinity };
  const visit = (heights: readonly number[], steps: number): void => {
    const stage = heights.length;
    if (stage < stages.length) {
      for (const move of moves) {
        const next = widths[stage]! + move * step;
        if (next >= (heights.at(-1) ?? Math.max(minChannels, step)))
          visit([...heights, next], steps + Math.abs(move));
      }
      return;
    }
    const channels = stages.flatMap((length, i) => Array<number>(length).fill(heights[i]!));
    const deviations = deviationsOf(countCosts(build(channels)), budget);
    const fits = missOf(deviations) <= within && excessOf(deviations) <= slack;
    const better = compareDeviations(deviations, best.fit.deviations, slack) < 0;
    if (fits ? steps < best.steps || (steps === best.steps && better) : best.steps === Infinity && better) {
      const curve = { shape: stageShape(stages, heights), a: 1, b: 0 };
      best = { fit: { curve, channels, deviations }, steps: fits ? steps : Infinity };
    }
  };
  visit([], 0);
  return best.fit;
}
