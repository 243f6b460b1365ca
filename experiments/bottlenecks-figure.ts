import { readTable } from 'rankscope';
import { depthFigure, type Figure } from 'rankscope/figures';
import type { DepthPoint } from 'rankscope/networks';

/** Returns the figure of what bottlenecks.ts measured on so many images, from its points in the folder. */
export async function bottlenecksFigure(
  folder: string,
  name: 'depth' | 'depth-cifar',
  count = 640,
): Promise<Figure> {
  const points = await readTable<DepthPoint>(`${folder}/${name}-points.csv`);
  const images = name === 'depth' ? 'random images' : 'CIFAR-10 images, enlarged';
  const figure = depthFigure(points, {
    title: 'How much of its width an untrained network uses, along its depth',
    caption: `${count} ${images}, at 64 x 64; random weights, normalizations calibrated on the first 32 images.`,
  });
  return { ...figure, name };
}
