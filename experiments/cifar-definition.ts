/**
 * What are the CIFAR networks of "Rethinking Channel Dimensions for Efficient Model Design" (Han et al., CVPR 2021)?
 * The paper prints the stem (3x3, 16 channels), the blocks (inverted bottlenecks of expansion 6) and, in Table 3, the
 * channels and the cost of eight networks; not the strides, not the width of the last 1x1 convolution. This tries every
 * combination of simple rules for them and shows which come closest to the printed costs.
 *
 *     npx ts-node experiments/cifar-definition.ts [--out FOLDER]     (or npx tsx)
 *
 * Parameters do not depend on strides. So heads are judged by the parameters first, and the strides are tried only
 * with heads that fit. Writes figures/cifar-definition/definitions.csv: every definition under which all sixteen
 * numbers are within 10%, the closest first.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cifarNetwork, networkCosts, type Network } from 'rankscope/networks';
import { table3Searches } from 'rankscope/paper';
import { experimentArguments } from './experiment-arguments';

const { out } = experimentArguments({ name: 'cifar-definition' });

/** One choice for all that the paper does not print. */
interface Definition extends Head {
  readonly stemStride: number;
  readonly strides: Strides;
}

/** What decides the parameters. */
interface Head {
  readonly firstExpansion: number;
  readonly head: { readonly name: string; readonly width: (channels: readonly number[]) => number };
}

/** Which blocks, from 0, have stride 2: those at these fractions of the depth, rounded. */
interface Strides {
  readonly name: string;
  readonly at: (depth: number) => readonly number[];
}

const within = 0.1;

const networks = table3Searches().flatMap(({ best, worst, paramsMillions, meanMacsMillions }) =>
  [best, worst].map(({ channels }) => ({
    channels,
    params: paramsMillions * 1e6,
    macs: meanMacsMillions * 1e6,
  })),
);

async function main(): Promise<void> {
  const heads = headRules();
  const fitting = heads.filter((head) => Math.max(...paramErrors(head).map(Math.abs)) <= within);
  console.log(`${fitting.length} of ${heads.length} rules for the head fit the parameters within 10%`);

  const strides = strideRules();
  const tried: { definition: Definition; errors: number[]; worst: number }[] = [];
  for (const head of fitting) {
    for (const stemStride of [1, 2]) {
      for (const rule of strides) {
        const definition = { ...head, stemStride, strides: rule };
        const errors = [...paramErrors(head), ...macErrors(definition)];
        tried.push({ definition, errors, worst: Math.max(...errors.map(Math.abs)) });
      }
    }
  }
  const found = tried.filter(({ worst }) => worst <= within).sort((a, b) => a.worst - b.worst);
  console.log(`${found.length} of ${tried.length} definitions with them fit parameters and MACs\n`);

  const percent = (error: number) => (100 * error).toFixed(1);
  const header = ['stem_stride', 'first_expansion', 'strides', 'head', 'largest_error_percent'];
  const columns = ['params', 'macs'].flatMap((cost) =>
    ['a', 'b', 'c', 'd'].flatMap((letter) => [`${cost}_${letter}_best`, `${cost}_${letter}_worst`]),
  );
  const rows = found.map(({ definition: { stemStride, firstExpansion, strides, head }, errors, worst }) =>
    [stemStride, firstExpansion, strides.name, head.name, percent(worst), ...errors.map(percent)].join(','),
  );
  await mkdir(out, { recursive: true });
  const path = `${out}/definitions.csv`;
  await writeFile(path, `${[...header, ...columns].join(',')}\n${rows.join('\n')}\n`);
  for (const { definition, worst } of found) {
    const { stemStride, firstExpansion, strides: rule, head } = definition;
    console.log(
      `${percent(worst)}%  stem stride ${stemStride}, first expansion ${firstExpansion}, strides at the ` +
        `${rule.name} of the depth, head ${head.name}`,
    );
  }
  if (found[0]) printErrors(found[0].errors);
  console.log(path);
}

/** The closest definition, one line a network. */
function printErrors(errors: readonly number[]): void {
  console.log('\nthe first of them   params    MACs');
  for (const [i, { channels }] of networks.entries()) {
    const signed = [errors[i]!, errors[i + networks.length]!].map((error) => {
      return `${error < 0 ? '-' : '+'}${Math.abs(100 * error).toFixed(1)}%`.padStart(8);
    });
    console.log(
      `(${'abcd'[i >> 1]}) ${i % 2 === 0 ? 'best ' : 'worst'}        ${signed.join('')}  ${channels.join('-')}`,
    );
  }
}

/** The definition applied: the library's network with other strides, expansion and head. */
function networkOf(
  channels: readonly number[],
  { stemStride, firstExpansion, strides, head }: Definition,
): Network {
  const network = cifarNetwork(channels);
  const strided = strides.at(channels.length);
  return {
    ...network,
    stem: { ...network.stem, stride: stemStride },
    blocks: network.blocks.map((block, i) => ({
      ...block,
      expansion: i === 0 ? firstExpansion : 6,
      stride: strided.includes(i) ? 2 : 1,
    })),
    head: { ...network.head, convolution: { channels: head.width(channels), activation: 'relu6' } },
  };
}

const noStrides: Strides = { name: 'none', at: () => [] };

function paramErrors(head: Head): number[] {
  const definition = { ...head, stemStride: 1, strides: noStrides };
  return networks.map(
    ({ channels, params }) => networkCosts(networkOf(channels, definition)).params / params - 1,
  );
}

function macErrors(definition: Definition): number[] {
  return networks.map(({ channels, macs }) => networkCosts(networkOf(channels, definition)).macs / macs - 1);
}

/** A constant width, one that is linear in the number of blocks, or a multiple of the last block's channels. */
function headRules(): Head[] {
  const rules: Head['head'][] = [];
  for (let perBlock = 0; perBlock <= 192; perBlock += 16) {
    for (let constant = 0; constant <= 2048; constant += 64) {
      if (perBlock + constant === 0) continue;
      rules.push({
        name: perBlock === 0 ? `${constant}` : `${constant} + ${perBlock} d`,
        width: ({ length }) => constant + perBlock * length,
      });
    }
  }
  for (let times = 1; times <= 20; times++) {
    rules.push({ name: `${times} x last`, width: (channels) => times * channels.at(-1)! });
  }
  return [1, 6].flatMap((firstExpansion) => rules.map((head) => ({ firstExpansion, head })));
}

/** One, two or three strides at simple fractions of the depth, each rounded down, to the nearest, or up. */
function strideRules(): Strides[] {
  const fractions: [number, number][] = [[0, 1]];
  for (let below = 2; below <= 6; below++) {
    for (let above = 1; above < below; above++) {
      if (!fractions.some(([a, b]) => a * below === above * b)) fractions.push([above, below]);
    }
  }
  fractions.sort(([a, b], [c, d]) => a * d - c * b);
  const sets = fractions.flatMap((first, i) => [
    [first],
    ...fractions
      .slice(i + 1)
      .flatMap((second, j) => [
        [first, second],
        ...fractions.slice(i + j + 2).map((third) => [first, second, third]),
      ]),
  ]);
  return (['floor', 'round', 'ceil'] as const).flatMap((rounding) =>
    sets.map((set) => ({
      name: `${rounding} of ${set.map(([a, b]) => (a === 0 ? '0' : `${a}/${b}`)).join(' and ')}`,
      // fractions as integers: 3 * 5 / 5 is 3, not a little less
      at: (depth) => set.map(([a, b]) => Math[rounding]((a! * depth) / b!)),
    })),
  );
}

void main();
