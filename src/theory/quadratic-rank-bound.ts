/**
 * Returns the maximum rank of a pointwise convolution's features after a quadratic activation. Hard swish is quadratic
 * between -3 and 3: x (x + 3) / 6 = x² / 6 + x / 2. Every channel is then a polynomial of degree 2 in the d_in inputs.
 * Such polynomials are spanned by the inputs, their d_in (d_in + 1) / 2 products and, with a bias or centring, the
 * constant. The rank never exceeds d_out or N. Derived in docs/theory.md.
 *
 * @param constant whether anything is added before the activation: a bias, or minus the mean of the batch
 * @example
 * quadraticRankBound({ dIn: 3, dOut: 64, columns: 65 }, true); // 10
 */
export function quadraticRankBound(
  { dIn, dOut, columns }: { readonly dIn: number; readonly dOut: number; readonly columns: number },
  constant: boolean,
): number {
  return Math.min(dOut, columns, dIn + (dIn * (dIn + 1)) / 2 + Number(constant));
}
