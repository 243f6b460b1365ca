import { expect, it } from 'vitest';
import { campaign } from '../../bench/fuzz/campaign.js';
import { readers } from '../../bench/fuzz/readers.js';

/** Few of those that measure layers or draw figures; `bench/fuzz/fuzz.ts` goes on for as long as asked. */
const cases = (reader: string) => (/^(run|cli)-/.test(reader) ? 2 : 16);

it('ends damaged and odd inputs in a right answer or a complaint', { timeout: 300_000 }, async () => {
  const names = readers.map(({ name }) => name);
  const { tallies, failures } = await campaign({ readers: names, seed: 0, cases });
  // each with the flags that show it again
  expect(failures.map(({ reader, seed, fault }) => `--reader ${reader} --seed ${seed}: ${fault}`)).toEqual(
    [],
  );
  expect(tallies.map(({ answered, refused }) => answered + refused)).toEqual(names.map(cases));
});
