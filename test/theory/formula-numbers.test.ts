import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/theory.md'), 'utf8');
const sources = readdirSync(join(root, 'src/theory'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => [name, readFileSync(join(root, 'src/theory', name), 'utf8')] as const);

it('numbers the formulas of docs/theory.md in order, and refers to no others', () => {
  const [, formulas = ''] = page.split('**Formulas.**');
  const numbers = [...formulas.matchAll(/^(\d+)\. /gm)].map((match) => Number(match[1]));
  expect(numbers.length).toBeGreaterThan(15);
  expect(numbers).toEqual(numbers.map((_, k) => k + 1));
  const inCode = sources.flatMap(([name, text]) =>
    [...text.matchAll(/formulas?[\s*]+\((\d+)\)(?: (?:to|and) \((\d+)\))?/gi)].flatMap((match) =>
      match
        .slice(1)
        .filter((it) => it !== undefined)
        .map((it) => [name, Number(it)] as const),
    ),
  );
  expect(inCode.length).toBeGreaterThan(10);
  const inText = [...formulas.matchAll(/(?<!\d|\w)\((\d{1,2})\)/g)].map(
    (it) => ['page', Number(it[1])] as const,
  );
  expect([...inCode, ...inText].filter(([, number]) => !numbers.includes(number))).toEqual([]);
});
