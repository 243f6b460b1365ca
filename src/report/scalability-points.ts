import { familyOf } from '../plots/parts/accuracy-over-cost.js';
import type { ScalabilityPoint } from '../plots/figures/scalability.js';
import { networkCosts } from '../networks/network-costs.js';
import { networkNamed } from '../networks/network-named.js';
import { table1Networks } from '../published/table-1.js';
import { table5Networks } from '../published/table-5.js';

/**
 * Returns published accuracies of networks with their costs. ReXNet of all widths and EfficientNet-B0 to B3 (Table 5 of
 * Han et al., CVPR 2021, and its appendix) have counted costs. The other networks of its Table 1 have printed costs.
 */
export function scalabilityPoints(): ScalabilityPoint[] {
  const scaled = table5Networks().map(({ label, name, top1, macsBillions, paramsMillions }) => {
    const { macs, params } = networkCosts(networkNamed(name));
    return {
      label,
      family: familyOf(label),
      top1,
      macs,
      params,
      counted: true,
      printedMacs: macsBillions * 1e9,
      printedParams: paramsMillions * 1e6,
    };
  });
  const others = table1Networks()
    .filter(({ network }) => !network.startsWith('EfficientNet'))
    .map(({ network, top1, macsBillions, paramsMillions }) => {
      const [macs, params] = [macsBillions * 1e9, paramsMillions * 1e6];
      const costs = { macs, params, counted: false, printedMacs: macs, printedParams: params };
      return { label: network, family: null, top1, ...costs };
    });
  return [...scaled, ...others].map((point) => ({
    ...point,
    // 0.35 * 1e9 is a little less than 350 million
    printedMacs: Math.round(point.printedMacs),
    printedParams: Math.round(point.printedParams),
    macs: Math.round(point.macs),
    params: Math.round(point.params),
  }));
}
