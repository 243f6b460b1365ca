/**
 * Where along its depth does an untrained network lose rank? The paper says: where a block expands its channels too far,
 * as the networks with stage-wise constant channels do. Four networks are run on images with random weights, ten times:
 * MobileNetV2, a stage-wise and a linear design of its blocks that cost as many multiply-accumulates, and ReXNet x1.0.
 *
 *     npx tsx experiments/bottlenecks.ts [--seeds 10] [--images 640] [--inputs PATH] [--out FOLDER]     (or npx ts-node)
 *
 * At 64 x 64 with 640 images, so that the last blocks have twice as many positions as the widest layer has channels.
 * Without --inputs the images are random; PATH is a folder of CIFAR-10. Writes figures/bottlenecks: points as CSV and the
 * figure `depth`, with --inputs `depth-cifar`; with other numbers of seeds or images in runs/, unless --out is given. Takes
 * about six minutes, mostly on one core.
 */
import { useBackend, writeTable } from 'rankscope';
import { writeFigure } from 'rankscope/figures';
import {
  withSettings,
  channelsOf,
  type DepthPoint,
  type DepthRow,
  designNetwork,
  measureDepth,
  mobileNetV2,
  type Network,
  networkCosts,
  openImages,
  randomImages,
  rexNet,
  summariseDepth,
} from 'rankscope/networks';
import { bottlenecksFigure } from './bottlenecks-figure';
import { experimentArguments } from './experiment-arguments';

const resolution = 64;
const tolerances = ['relative:0.01', 'relative:0.001'];
const { sizes, texts, out } = experimentArguments({
  name: 'bottlenecks',
  full: { seeds: 10, images: 640 },
  texts: ['inputs'],
});

function networks(): Network[] {
  const like = mobileNetV2();
  const { macs } = networkCosts(like);
  const design = (shape: 'stage' | 'linear') => designNetwork({ like, shape, macs }).network;
  return [
    { ...like, name: 'MobileNetV2' },
    { ...design('stage'), name: 'stage-wise, its cost' },
    { ...design('linear'), name: 'linear, its cost' },
    { ...rexNet(), name: 'ReXNet x1.0' },
  ];
}

async function main(): Promise<void> {
  await useBackend('auto');
  const rows: DepthRow[] = [];
  for (const network of networks()) {
    const { params, macs } = networkCosts(network);
    console.log(`${network.name}: ${channelsOf(network).join('-')}, ${params} parameters, ${macs} MACs`);
    for (let seed = 0; seed < sizes.seeds!; seed++) {
      const source =
        texts.inputs === undefined ? randomImages(seed) : await openImages(texts.inputs, { seed });
      const options = { seed, tolerances, taps: ['expand', 'output'] as const };
      rows.push(
        ...(await measureDepth(
          withSettings(network, { resolution }),
          await source.select(sizes.images!),
          options,
        )),
      );
    }
  }
  const points = summariseDepth(rows);
  const name = texts.inputs === undefined ? 'depth' : 'depth-cifar';
  for (const network of networks()) {
    for (const tolerance of tolerances) {
      console.log(`${network.name}, ${tolerance}`);
      for (const words of extremes(
        points.filter((p) => p.network === network.name && p.tolerance === tolerance),
      )) {
        console.log(`  ${words}`);
      }
    }
  }
  await writeTable(`${out}/${name}-points.csv`, points, 4);
  const figure = await bottlenecksFigure(out, name, sizes.images);
  for (const path of await writeFigure(figure, `${out}/${name}`, ['svg', 'png'], { data: 'beside' }))
    console.log(path);
}

/** The mean and the lowest rank ratio and effective share of the expansions and of the outputs, and the head's. */
function extremes(points: readonly DepthPoint[]): string[] {
  const head = points.findLast(({ block }) => block === null)!;
  const words = (['expand', 'output'] as const).flatMap((tap) => {
    const own = points.filter((point) => point.tap === tap && point.block !== null);
    const mean = (of: (point: DepthPoint) => number) => own.reduce((sum, p) => sum + of(p), 0) / own.length;
    const lowest = own.reduce((a, b) => (b.rankRatioMean < a.rankRatioMean ? b : a));
    const narrow = own.reduce((a, b) => (b.effectiveMean < a.effectiveMean ? b : a));
    return [
      `${tap}: rank ratio mean ${mean((p) => p.rankRatioMean).toFixed(3)}, least ${lowest.rankRatioMean.toFixed(3)} ` +
        `${formatInterval(lowest)}in block ${lowest.block}`,
      `${tap}: effective share mean ${mean((p) => p.effectiveMean).toFixed(3)}, least ${narrow.effectiveMean.toFixed(3)} in block ${narrow.block}`,
    ];
  });
  return [
    ...words,
    `head: rank ratio ${head.rankRatioMean.toFixed(3)}, effective share ${head.effectiveMean.toFixed(3)}`,
  ];
}

function formatInterval({ rankRatioLow: low, rankRatioHigh: high }: DepthPoint): string {
  return low === null || high === null ? '' : `(${low.toFixed(3)} to ${high.toFixed(3)}) `;
}

void main();
