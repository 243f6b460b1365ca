import { lastOf } from '../lookups.js';
import { hasStep, type Network, type NetworkBlockKind } from './network.js';
import type { LayerShape, NetworkLayer } from './network-layer.js';
import { checkCosts, type Costs, layerCosts } from './network-costs.js';
import { networkLayers } from './network-layers.js';

/** A network's layers and blocks with their costs and shares of the whole. */
export interface NetworkReport extends Costs {
  readonly name: string;
  /** Height and width of the images, in pixels. */
  readonly resolution: number;
  readonly classes: number;
  readonly blocks: readonly BlockReport[];
  readonly layers: readonly LayerReport[];
}

export interface BlockReport extends Costs, Shares {
  /** Its number, from 1. */
  readonly block: number;
  readonly kind: NetworkBlockKind;
  readonly outputShape: LayerShape;
  readonly channelsIn: number;
  readonly channelsOut: number;
  readonly stride: number;
  /** channelsIn / channelsOut. */
  readonly dimensionRatio: number;
  /** Hidden channels / input channels of an inverted bottleneck, output / input channels of another block. */
  readonly expansion: number;
}

export interface LayerReport extends NetworkLayer, Costs, Shares {
  /** channelsIn / channelsOut; null for a layer without weights. */
  readonly dimensionRatio: number | null;
  /** That of the block for a layer of an inverted bottleneck, else channelsOut / channelsIn; null without weights. */
  readonly expansion: number | null;
}

export interface Shares {
  /** Of the network's parameters, in [0, 1]. */
  readonly paramsShare: number;
  /** Of the network's multiply-accumulates, in [0, 1]. */
  readonly macsShare: number;
}

/**
 * Returns the report of `rankscope network`: the sizes, costs and cost shares of each layer and block.
 *
 * @example
 * networkReport(networkNamed('rexnet-1.0')).blocks.map((block) => block.macsShare);
 */
export function networkReport(network: Network): NetworkReport {
  const counted = networkLayers(checkCosts(network)).map((layer) => ({ layer, costs: layerCosts(layer) }));
  const total = sum(counted.map(({ costs }) => costs));
  const shares = ({ params, macs }: Costs): Shares => ({
    paramsShare: params / total.params,
    macsShare: macs / total.macs,
  });
  const blocks = network.blocks.map((block, i): BlockReport => {
    const own = counted.filter(({ layer }) => layer.block === i + 1);
    const costs = sum(own.map((one) => one.costs));
    const channelsIn = own[0]!.layer.channelsIn;
    return {
      block: i + 1,
      kind: block.kind,
      outputShape: lastOf(own).layer.outputShape,
      channelsIn,
      channelsOut: block.channels,
      stride: block.stride,
      dimensionRatio: channelsIn / block.channels,
      expansion: hasStep(block.kind, 'expand') ? block.expansion : block.channels / channelsIn,
      ...costs,
      ...shares(costs),
    };
  });
  const layers = counted.map(({ layer, costs }): LayerReport => {
    const block = layer.block === null ? undefined : blocks[layer.block - 1];
    const weighted = layer.kind === 'convolution' || layer.kind === 'depthwise' || layer.kind === 'linear';
    const { channelsIn, channelsOut } = layer;
    return {
      ...layer,
      dimensionRatio: weighted ? channelsIn / channelsOut : null,
      expansion: weighted
        ? block && hasStep(block.kind, 'expand')
          ? block.expansion
          : channelsOut / channelsIn
        : null,
      ...costs,
      ...shares(costs),
    };
  });
  const { name, resolution, head } = network;
  return { name, resolution, classes: head.classes, ...total, blocks, layers };
}

function sum(costs: readonly Costs[]): Costs {
  const total = { params: 0, macs: 0, elementwise: 0 };
  for (const { params, macs, elementwise } of costs) {
    total.params += params;
    total.macs += macs;
    total.elementwise += elementwise;
  }
  return total;
}
