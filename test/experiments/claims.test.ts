import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { readTable } from 'rankscope';
import type { ClaimResult } from 'rankscope/paper';
import { expect, it } from 'vitest';
import { withTables } from '../../experiments/claims-table';

const root = join(__dirname, '..', '..');

it('the tables of docs/claims.md are those of figures/claims/claims.csv', async () => {
  const page = join(root, 'docs', 'claims.md');
  const text = readFileSync(page, 'utf8');
  const results = await readTable<ClaimResult>(join(root, 'figures', 'claims', 'claims.csv'));
  expect(results.length).toBeGreaterThan(1000);
  const options = { ...(await resolveConfig(page)), parser: 'markdown' };
  expect(await format(withTables(text, results), options)).toBe(text);
});
