import { describe, expect, it } from 'vitest';
import { studentCritical, studentTail } from '../../src/claims/student.js';
import { studentQuantile } from '../../src/study/interval.js';
import fixture from './fixtures/statistics.json';

describe("Student's t", () => {
  it.each(fixture.tails)('P(|T| > %d) with %d degrees of freedom is as scipy has it', (t, freedom, tail) => {
    expect(Math.abs(studentTail(t!, freedom!) / tail! - 1)).toBeLessThan(1e-11);
    expect(studentTail(-t!, freedom!)).toBe(studentTail(t!, freedom!));
  });

  it.each(fixture.critical)('is exceeded with probability %d, %d degrees of freedom', (p, freedom, t) => {
    const found = studentCritical(p!, freedom!);
    // scipy's own inverse has some eight digits; the tail, which is checked above, has more
    expect(Math.abs(found / t! - 1)).toBeLessThan(1e-8);
    expect(Math.abs(studentTail(found, freedom!) / p! - 1)).toBeLessThan(1e-11);
  });

  it('agrees with the quantile of the intervals, which is another computation', () => {
    for (const freedom of [1, 2, 9, 40]) {
      expect(studentCritical(0.05, freedom)).toBeCloseTo(studentQuantile(freedom), 8);
    }
  });
});
