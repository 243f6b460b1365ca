/**
 * The tables of docs/claims.md, written from the results of experiments/claims.ts. So no number there is copied by
 * hand; a test compares.
 */
import { paperClaims, type ClaimResult } from 'rankscope/paper';

export const CLAIMS_BEGIN = '<!-- tables written by experiments/claims.ts -->';
export const CLAIMS_END = '<!-- end of the tables -->';

/** What the columns of estimates are about: protocol and measure. */
const COLUMNS = [
  ['standard', 'numpy'],
  ['standard', 'relative:0.01'],
  ['standard', 'relative:0.1'],
  ['fitted', 'numpy'],
  ['fitted', 'relative:0.01'],
] as const;

/** Returns a table a claim: how many of all settings show what, and four estimates with their intervals. */
export function claimsTables(results: readonly ClaimResult[]): string {
  return paperClaims
    .map(({ name, words, difference, parts }) => {
      const lines = parts.map((part) => {
        const own = results.filter((result) => result.claim === name && result.part === part.name);
        const count = (verdict: string) => own.filter((result) => result.verdict === verdict).length;
        const cells = COLUMNS.map(([protocol, measure]) =>
          estimate(own.find((result) => result.protocol === protocol && result.measure === measure)!),
        );
        const counts = ['holds', 'reversed', 'same', 'open'].map(count);
        return `| ${[part.name, ...counts, ...cells].join(' | ')} |`;
      });
      const heads = COLUMNS.map(([protocol, measure]) => `${protocol}, ${measure.replace('relative:', '')}`);
      return [
        `**${words}** (${difference})`,
        '',
        `| | holds | reversed | no difference | open | ${heads.join(' | ')} |`,
        `|---|---|---|---|---|${COLUMNS.map(() => '---').join('|')}|`,
        ...lines,
      ].join('\n');
    })
    .join('\n\n');
}

/** Returns the page with its tables replaced by those of the results. */
export function withTables(page: string, results: readonly ClaimResult[]): string {
  const [before, rest] = page.split(CLAIMS_BEGIN);
  const after = rest?.split(CLAIMS_END)[1];
  if (after === undefined)
    throw new Error('docs/claims.md has lost the comments between which its tables are');
  return `${before}${CLAIMS_BEGIN}\n\n${claimsTables(results)}\n\n${CLAIMS_END}${after}`;
}

function estimate({ estimate, low, high }: ClaimResult): string {
  return `${signed(estimate)} (${signed(low)} to ${signed(high)})`;
}

const signed = (x: number) => (x < 0 ? '−' : '') + Math.abs(x).toFixed(3);
