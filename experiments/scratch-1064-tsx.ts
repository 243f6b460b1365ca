import { activations, drawLayer, layerFeatures, rank, resolveLayerProtocol, useBackend } from 'rankscope';
async function main(): Promise<void> {
  await useBackend('auto');
  const protocol = resolveLayerProtocol({ channels: '20:20', bias: 'none', samples: 'd_out+1' });
  const layer = drawLayer({ seed: 0, block: 'pointwise', dimensionRatio: 0.25, index: 0 }, protocol);
  const { output } = layerFeatures(layer, activations.linear);
  console.log(rank(output!).rank, output!.rows, output!.columns, output!.data[0]!.toFixed(4));
}
void main();
