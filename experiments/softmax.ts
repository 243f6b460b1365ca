/**
 * The softmax bottleneck (Yang, Dai, Salakhutdinov and Cohen, "Breaking the softmax bottleneck: a high-rank RNN
 * language model", ICLR 2018). A softmax over d-dimensional hidden states gives log-probabilities of rank at most d +
 * 1, however many words there are. A mixture of softmaxes can give more. Here states and words are random, and the rank
 * is counted.
 *
 *     npx tsx experiments/softmax.ts [--draws 5] [--out FOLDER]     (or npx ts-node)
 *
 * Writes figures/softmax: the figure `softmax` with its data; another number of draws to runs/, unless --out is given.
 * docs/studies/softmax-bottleneck.md says what came out.
 */
import { createStream, fillNormal, rank, writeTable, type Matrix } from 'rankscope';
import type { ComparisonPoint } from 'rankscope/figures';
import { drawFolder } from './draw-folder';
import { experimentArguments } from './experiment-arguments';

const { sizes, out } = experimentArguments({ name: 'softmax', full: { draws: 5 } });
const [words, contexts] = [256, 384];
const dimensions = [2, 4, 8, 16, 32, 64, 128, 255];
/** Far above the rounding of float64, far below all that is not rounding. */
const tolerance = 'relative:1e-8';

async function main(): Promise<void> {
  const points: ComparisonPoint[] = [];
  for (const d of dimensions) {
    const theory = Math.min(words, d + 1) / words;
    points.push({ panel: 'softmax', series: 'softmax', x: d, theory, measured: null, low: null, high: null });
    for (const [series, count] of [
      ['softmax', 1],
      ['mixture of 2 softmaxes', 2],
    ] as const) {
      const ranks = Array.from({ length: sizes.draws ?? 1 }, (_, draw) =>
        rank(logProbabilities(d, count, draw), { tolerance }),
      );
      const low = Math.min(...ranks.map(({ lower }) => lower)) / words;
      const high = Math.max(...ranks.map(({ upper }) => upper)) / words;
      const measured = ranks.reduce((sum, one) => sum + one.rank, 0) / ranks.length / words;
      points.push({ panel: 'softmax', series, x: d, theory: null, measured, low, high });
      console.log(d, series, ranks.map(({ rank, certified }) => `${rank}${certified ? '' : '?'}`).join(' '));
    }
  }
  await writeTable(`${out}/softmax.csv`, points, 6);
  for (const path of await drawFolder('softmax', out)) console.log(path);
}

/**
 * Returns log-probabilities: one row per word, one column per context. Each is the log of the mean of `count` softmaxes
 * of W h, each with its own states h.
 */
function logProbabilities(d: number, count: number, draw: number): Matrix {
  const normal = (label: string, length: number) =>
    fillNormal(createStream(draw, `softmax/${d}/${label}`), new Float64Array(length));
  const w = normal('words', words * d);
  const states = Array.from({ length: count }, (_, k) => normal(`states/${k}`, contexts * d));
  const data = new Float64Array(words * contexts);
  const scale = 1 / Math.sqrt(d);
  for (let context = 0; context < contexts; context++) {
    const mixture = new Float64Array(words);
    for (const state of states) {
      const logits = Float64Array.from({ length: words }, (_, word) => {
        let sum = 0;
        for (let i = 0; i < d; i++) sum += (w[word * d + i] ?? NaN) * (state[context * d + i] ?? NaN);
        return scale * sum;
      });
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      logits.forEach((logit, word) => {
        mixture[word] = (mixture[word] ?? NaN) + Math.exp(logit) / total / count;
      });
    }
    mixture.forEach((p, word) => (data[word * contexts + context] = Math.log(p)));
  }
  return { data, rows: words, columns: contexts };
}

void main();
