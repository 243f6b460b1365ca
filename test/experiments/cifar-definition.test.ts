import { readFileSync } from 'node:fs';
import { cifarNetwork, networkCosts } from 'rankscope/networks';
import { table3Searches } from 'rankscope/paper';
import { describe, expect, it } from 'vitest';

describe('figures/cifar-definition/definitions.csv', () => {
  it('has the definition of the library first: the closest to the printed costs', () => {
    const [header, first] = readFileSync('figures/cifar-definition/definitions.csv', 'utf8').split('\n');
    const row = Object.fromEntries(header!.split(',').map((column, i) => [column, first!.split(',')[i]]));
    const found = table3Searches().flatMap(({ constraint, paramsMillions, meanMacsMillions, ...search }) =>
      (['best', 'worst'] as const).flatMap((which) => {
        const { params, macs } = networkCosts(cifarNetwork(search[which].channels));
        const percent = (counted: number, millions: number) =>
          (100 * (counted / (millions * 1e6) - 1)).toFixed(1);
        return [
          [`params_${constraint}_${which}`, percent(params, paramsMillions)],
          [`macs_${constraint}_${which}`, percent(macs, meanMacsMillions)],
        ];
      }),
    );
    expect(row).toMatchObject(Object.fromEntries(found));
  });
});
