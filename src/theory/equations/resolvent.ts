import { countedRows, rowPhase, startRows, startRowSums } from './chain.js';
import { type Complexes, complexes, multiply, ratio, solveInPlace } from './complex.js';
import { writeJacobian } from './jacobian.js';
import type { LayerParts } from '../layer-parts.js';
import { addForms, determinantPhase, invertOnePlus, weightedProducts } from './part-sums.js';

/**
 * A point z = -x (1 - i eta) for eigenvalues of F Fᵀ near x > 0. Here eta is the relative distance from the real axis.
 */
export interface ResolventPoint {
  readonly x: number;
  readonly eta: number;
}

/** The two equations evaluated at (g, h): formulas (4) to (7) of docs/theory.md. */
interface Evaluation extends Solution {
  /** The sums of which g and h are the inverses. */
  readonly rowSums: Complexes;
  readonly columnSums: Complexes;
  /** The largest relative residual. */
  error: number;
}

/** Unknowns of the equations. */
export interface Unknowns {
  readonly g: Complexes;
  readonly h: Complexes;
}

/** The solution at the last point. */
export interface Solution {
  /** Resolvent entries, one per row type. */
  readonly g: Complexes;
  /** Resolvent entries, one per column type. */
  readonly h: Complexes;
  /** One r x r matrix per part, one after the other; the others have the same layout. */
  readonly A: Complexes;
  readonly K: Complexes;
  readonly Q: Complexes;
  readonly S: Complexes;
  readonly T: Complexes;
}

/** Maximum step of a walk in log x. */
const STEP = 0.2;
/** The same with many kinds of rows, where a step costs far more than its few further iterations. */
const STEP_OF_MANY = 0.4;
const MANY_KINDS = 16;

/**
 * Solves the two nested Marchenko-Pastur equations of a layer along a path of points. Each solve starts from the
 * previous solution. It uses Newton's method with backtracking inside the half-planes where the solution is unique,
 * then damped steps if Newton fails, then a descent from far off the real axis if both fail.
 */
export class Resolvent {
  private started = false;
  /** The point of the current solution. */
  private last: ResolventPoint | undefined;
  /**
   * The unknowns at the last solution; `there` holds trial values. All arrays are allocated once to avoid garbage
   * collection.
   */
  private here: Unknowns;
  private there: Unknowns;
  private now: Evaluation;
  private next: Evaluation;
  private readonly jacobian: Complexes;
  private readonly step: Complexes;

  constructor(readonly parts: LayerParts) {
    const [R, C] = [parts.w.length, parts.v.length];
    const [n, size] = [R + C, parts.degrees.length * parts.pairs ** 2];
    const unknowns = () => ({ g: complexes(R), h: complexes(C) });
    const evaluation = () => ({
      ...unknowns(),
      rowSums: complexes(R),
      columnSums: complexes(C),
      A: complexes(size),
      K: complexes(size),
      Q: complexes(size),
      S: complexes(size),
      T: complexes(size),
      error: Infinity,
    });
    [this.here, this.there] = [unknowns(), unknowns()];
    [this.now, this.next] = [evaluation(), evaluation()];
    this.jacobian = complexes(n * n);
    this.step = complexes(n);
  }

  /** Returns a function that restores the current solution. */
  save(): () => void {
    const { started, last } = this;
    const kept = { g: complexes(this.parts.w.length), h: complexes(this.parts.v.length) };
    copyUnknowns(this.here, kept);
    return () => {
      this.started = started;
      this.last = last;
      copyUnknowns(kept, this.here);
    };
  }

  /**
   * Returns the solution at a point; it is valid until the next call.
   * @throws Error if the equations do not converge
   */
  solve(point: ResolventPoint, tolerance = 1e-9): Solution {
    if (!this.started) {
      const { g, h } = this.here;
      startRows(this.parts, { re: -point.x, im: point.x * point.eta }, g);
      h.re.fill(1);
      h.im.fill(0);
      this.started = true;
    }
    const back = this.save();
    const from = this.last;
    const found = this.iterate(point, tolerance, 100) ?? this.creep(back, from, point, tolerance);
    if (found) {
      this.last = point;
      return found;
    }
    const steps = Math.ceil(Math.log(10 / point.eta) / 0.35);
    for (let step = 1; ; step++) {
      const eta = 10 * (point.eta / 10) ** (step / steps);
      const solution = this.iterate({ x: point.x, eta }, tolerance, 2000);
      if (!solution)
        throw new Error(`the rank cannot be predicted: no convergence at x = ${point.x}, eta = ${eta}`);
      if (step < steps) continue;
      this.last = point;
      return solution;
    }
  }

  /** Walks from the previous solution in ever smaller steps; undefined if that fails. */
  private creep(
    back: () => void,
    from: ResolventPoint | undefined,
    to: ResolventPoint,
    tolerance: number,
  ): Evaluation | undefined {
    if (from === undefined) return undefined;
    for (const steps of [8, 64]) {
      back();
      let found: Evaluation | undefined;
      for (let step = 1; step <= steps; step++) {
        const share = step / steps;
        const point = { x: from.x * (to.x / from.x) ** share, eta: from.eta * (to.eta / from.eta) ** share };
        found = this.iterate(point, tolerance, 200);
        if (!found) break;
      }
      if (found) return found;
    }
    back();
    return undefined;
  }

  /**
   * Returns the expected number of eigenvalues of F Fᵀ above x. It is the phase of the log-determinant, formula (9),
   * with a first-order correction back to the real axis.
   */
  count({ x, eta }: ResolventPoint): number {
    const { rows, v, inverseCounts, pairs: r } = this.parts;
    const { g, h, A, K } = this.solve({ x, eta });
    let phase = rowPhase(this.parts, x, g);
    for (let j = 0; j < v.length; j++) phase += v[j]! * (h.im[j]! - Math.atan2(h.im[j]!, h.re[j]!));
    const product = complexes(inverseCounts.length * r * r);
    inverseCounts.forEach((b, l) => {
      const at = l * r * r;
      multiply(A, K, r, at, product);
      if (b === 0) for (let s = 0; s < r; s++) phase += product.im[at + s * (r + 1)]!;
      else phase += determinantPhase(A, K, product, b, r, at) / b;
    });
    return rows - phase / Math.PI;
  }

  /** Moves from one x down to just above another. */
  walk(from: number, to: number, eta: number): void {
    const steps = Math.ceil(Math.log(from / to) / (this.parts.w.length > MANY_KINDS ? STEP_OF_MANY : STEP));
    for (let step = 1; step < steps; step++)
      this.solve({ x: from * (to / from) ** (step / steps), eta }, 1e-6);
  }

  private iterate(point: ResolventPoint, tolerance: number, limit: number): Evaluation | undefined {
    const z = { re: -point.x, im: point.x * point.eta };
    this.evaluate(z, this.here, this.now);
    let damped = 0; // damped steps to take before Newton is tried again
    for (let evaluations = 0; this.now.error >= tolerance;) {
      if (evaluations > limit) return undefined;
      if (damped === 0) {
        this.takeNewtonStep(z);
        let accepted = false;
        for (const share of [1, 0.5, 0.25, 0.1]) {
          this.stepTo(share);
          if (!inHalfPlanes(this.there)) continue;
          this.evaluate(z, this.there, this.next);
          evaluations++;
          if (!(this.next.error < this.now.error)) continue;
          [this.here, this.there] = [this.there, this.here];
          [this.now, this.next] = [this.next, this.now];
          accepted = true;
          break;
        }
        if (accepted) continue;
        damped = 10;
      }
      moveHalfway(this.here.g, this.now.g);
      moveHalfway(this.here.h, this.now.h);
      this.balance(z);
      this.evaluate(z, this.here, this.now);
      evaluations++;
      damped--;
    }
    copyUnknowns(this.now, this.here);
    return this.now;
  }

  private evaluate(z: { re: number; im: number }, { g, h }: Unknowns, out: Evaluation): void {
    const { w, v, phi, psi, inverseCounts, pairs: r } = this.parts;
    const [R, C, L] = [w.length, v.length, inverseCounts.length];
    const { rowSums, columnSums, A, K, Q, S, T } = out;
    startRowSums(this.parts, z, g, rowSums);
    columnSums.re.fill(1);
    columnSums.im.fill(0);
    for (let l = 0; l < L; l++) {
      const at = l * r * r;
      weightedProducts(phi, l * r * R, w, g, r, A, at);
      weightedProducts(psi, l * r * C, v, h, r, K, at);
      invertOnePlus(inverseCounts[l]!, A, K, r, at, Q);
      multiply(K, Q, r, at, S);
      multiply(Q, A, r, at, T);
      addForms(rowSums, phi, l * r * R, S, r, at);
      addForms(columnSums, psi, l * r * C, T, r, at);
    }
    invertInto(rowSums, out.g);
    invertInto(columnSums, out.h);
    out.error = Math.max(distance(out.g, g), distance(out.h, h));
  }

  /** Solves for Newton's step, in units of the unknowns: formula (8). */
  private takeNewtonStep(z: { re: number; im: number }): void {
    const { parts, here, now, jacobian, step } = this;
    writeJacobian(parts, z, here, now, () => true, jacobian);
    const R = here.g.re.length;
    for (let a = 0; a < step.re.length; a++) {
      const [own, value, k] = a < R ? [here.g, now.g, a] : [here.h, now.h, a - R];
      const { re, im } = ratio(value.re[k]!, value.im[k]!, own.re[k]!, own.im[k]!);
      step.re[a] = re - 1;
      step.im[a] = im;
    }
    solveInPlace(jacobian, step, step.re.length, 1);
  }

  /** Sets the trial unknowns: the current ones plus a share of Newton's step. */
  private stepTo(share: number): void {
    let k = 0;
    for (const name of ['g', 'h'] as const) {
      const [from, to] = [this.here[name], this.there[name]];
      for (let i = 0; i < from.re.length; i++, k++) {
        const re = share * this.step.re[k]! + 1;
        const im = share * this.step.im[k]!;
        to.re[i] = from.re[i]! * re - from.im[i]! * im;
        to.im[i] = from.re[i]! * im + from.im[i]! * re;
      }
    }
  }

  /**
   * Rescales the unknowns to (c g, h / c) so that n - z sum(g) = N - sum(h). Both equations imply this. For n = N and
   * small z the equations hardly depend on c, and damped steps would be very slow without this.
   */
  private balance(z: { re: number; im: number }): void {
    const { v, rows, columns } = this.parts;
    const { g, h } = this.here;
    const w = countedRows(this.parts);
    const [gre, gim] = [weighted(w, g.re), weighted(w, g.im)];
    const G = { re: z.re * gre - z.im * gim, im: z.re * gim + z.im * gre };
    const H = { re: weighted(v, h.re), im: weighted(v, h.im) };
    const d = rows - columns;
    // G c² - d c - H = 0
    const root = squareRoot(d * d + 4 * (G.re * H.re - G.im * H.im), 4 * (G.re * H.im + G.im * H.re));
    const half = inverse(2 * G.re, 2 * G.im);
    const [c, other] = ([1, -1] as const).map((sign) => {
      const [re, im] = [d + sign * root.re, sign * root.im];
      return { re: re * half.re - im * half.im, im: re * half.im + im * half.re };
    }) as [typeof G, typeof G];
    const nearest = Math.hypot(c.re - 1, c.im) <= Math.hypot(other.re - 1, other.im) ? c : other;
    copyUnknowns(this.here, this.there);
    multiplyBy(this.there.g, nearest);
    multiplyBy(this.there.h, inverse(nearest.re, nearest.im));
    if (inHalfPlanes(this.there)) [this.here, this.there] = [this.there, this.here];
  }
}

const inHalfPlanes = ({ g, h }: Unknowns) => g.im.every((x) => x < 0) && h.im.every((x) => x > 0);

function copyUnknowns(from: Unknowns, to: Unknowns): void {
  for (const name of ['g', 'h'] as const) {
    to[name].re.set(from[name].re);
    to[name].im.set(from[name].im);
  }
}

function inverse(re: number, im: number): { re: number; im: number } {
  const norm = re * re + im * im;
  return { re: re / norm, im: -im / norm };
}

function invertInto(x: Complexes, out: Complexes): void {
  for (let k = 0; k < x.re.length; k++) {
    const norm = x.re[k]! ** 2 + x.im[k]! ** 2;
    out.re[k] = x.re[k]! / norm;
    out.im[k] = -x.im[k]! / norm;
  }
}

function multiplyBy(x: Complexes, { re, im }: { re: number; im: number }): void {
  for (let k = 0; k < x.re.length; k++) {
    const [a, b] = [x.re[k]!, x.im[k]!];
    x.re[k] = a * re - b * im;
    x.im[k] = a * im + b * re;
  }
}

function moveHalfway(x: Complexes, towards: Complexes): void {
  for (let k = 0; k < x.re.length; k++) {
    x.re[k] = (x.re[k]! + towards.re[k]!) / 2;
    x.im[k] = (x.im[k]! + towards.im[k]!) / 2;
  }
}

function weighted(weights: Float64Array, x: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k]! * x[k]!;
  return sum;
}

function squareRoot(re: number, im: number): { re: number; im: number } {
  const size = Math.sqrt(Math.hypot(re, im));
  const angle = Math.atan2(im, re) / 2;
  return { re: size * Math.cos(angle), im: size * Math.sin(angle) };
}

/** The largest |x - y| / |x|. */
function distance(x: Complexes, y: Complexes): number {
  let largest = 0;
  for (let k = 0; k < x.re.length; k++) {
    const away = Math.hypot(x.re[k]! - y.re[k]!, x.im[k]! - y.im[k]!) / Math.hypot(x.re[k]!, x.im[k]!);
    if (!(away <= largest)) largest = Number.isNaN(away) ? Infinity : away;
  }
  return largest;
}
