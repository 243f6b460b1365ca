import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { planLayer, rankWithin } from '../../src/plan/plan-layer.js';
import type { GramData } from '../../src/plan/centred.js';
import { fillNormal } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';
import type { Matrix } from '../../src/spectrum/matrix.js';

const python = process.env.PYTHON ?? '/usr/bin/python3';
const numpy = spawnSync(python, ['-c', 'import numpy']).status === 0;

function normal(rows: number, columns: number, name: string): Matrix & { data: Float64Array } {
  const data = new Float64Array(rows * columns);
  fillNormal(createStream(0, name), data);
  return { data, rows, columns };
}

function times(a: Matrix, b: Matrix): Matrix & { data: Float64Array } {
  const data = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++)
    for (let k = 0; k < a.columns; k++)
      for (let j = 0; j < b.columns; j++)
        data[i * b.columns + j]! += a.data[i * a.columns + k]! * b.data[k * b.columns + j]!;
  return { data, rows: a.rows, columns: b.columns };
}

/** Inputs whose directions fade, off zero by a lot: only centred responses are of low rank. */
function inputsOf(columns: number, name: string): Matrix & { data: Float64Array } {
  const mixed = times(normal(30, 30, 'mix'), normal(30, columns, name));
  mixed.data.forEach((value, at) => {
    const row = Math.floor(at / columns);
    mixed.data[at] = value / (1 + row) ** 1.5 + 5 * Math.cos(row);
  });
  return mixed;
}

const bias = normal(20, 1, 'bias').data;

function responses(weights: Matrix, inputs: Matrix): Matrix & { data: Float64Array } {
  const y = times(weights, inputs);
  y.data.forEach((value, at) => (y.data[at] = value + bias[Math.floor(at / y.columns)]!));
  return y;
}

export function gramOf({ data, rows, columns }: Matrix): GramData {
  const gram = new Float64Array(rows * rows);
  const sums = new Float64Array(rows);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < columns; k++) {
      sums[i]! += data[i * columns + k]!;
      for (let j = 0; j < rows; j++) gram[i * rows + j]! += data[i * columns + k]! * data[j * columns + k]!;
    }
  return { channels: rows, columns, gram, sums };
}

const weights = normal(20, 30, 'weights');
const [x, xLater] = [inputsOf(400, 'calibrating'), inputsOf(300, 'later')];
const [y, yLater] = [responses(weights, x), responses(weights, xLater)];
const plan = planLayer({ weights, calibrating: gramOf(y), heldOut: gramOf(yLater) }, 0.1);

describe('planLayer', () => {
  it.skipIf(!numpy).each([400, 30])('agrees with numpy on the %i responses themselves', (columns) => {
    const seen = responses(weights, inputsOf(columns, 'calibrating'));
    const plan = planLayer({ weights, calibrating: gramOf(seen), heldOut: gramOf(yLater) }, 0.1);
    const script = `
import json, sys, numpy as np
d = json.load(sys.stdin)
W, Y, Z = (np.array(d[k]['data']).reshape(d[k]['rows'], -1) for k in ('weights', 'y', 'z'))
m = Y.mean(1, keepdims=True)
U, s, _ = np.linalg.svd(Y - m, full_matrices=False)
tail = np.sqrt(np.append(np.cumsum((s**2)[::-1])[::-1], 0) / (s**2).sum())
c = k = int(np.argmax(tail <= d['error']))
M = Z.mean(1, keepdims=True)
while np.linalg.norm((Z - m) - U[:, :k] @ U[:, :k].T @ (Z - m)) > d['error'] * np.linalg.norm(Z - M): k += 1
V = np.linalg.svd(W)[0][:, :k]
out = {'rank': k, 'calibratingRank': c}
for name, P in (('error', U[:, :k] @ U[:, :k].T), ('weightError', V @ V.T)):
    for part, A in (('calibrating', Y), ('heldOut', Z)):
        rest = (A - m) - P @ (A - m)
        out[name + part] = np.linalg.norm(rest) / np.linalg.norm(A - A.mean(1, keepdims=True))
print(json.dumps(out))`;
    const plain = ({ data, rows }: Matrix) => ({ data: Array.from(data), rows });
    const input = JSON.stringify({ weights: plain(weights), y: plain(seen), z: plain(yLater), error: 0.1 });
    const { stdout, stderr, status } = spawnSync(python, ['-c', script], { input, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const found = JSON.parse(stdout) as Record<string, number>;
    expect(plan.rank).toBe(found.rank);
    expect(plan.calibratingRank).toBe(found.calibratingRank);
    // from few inputs the directions are not those of others, so that more of them are needed
    if (columns === 30) expect(plan.rank).toBeGreaterThan(plan.calibratingRank);
    expect(plan.error.heldOut!).toBeLessThanOrEqual(0.1);
    expect(plan.error.calibrating).toBeCloseTo(found.errorcalibrating!, 9);
    expect(plan.error.heldOut!).toBeCloseTo(found.errorheldOut!, 9);
    expect(plan.weightError.calibrating).toBeCloseTo(found.weightErrorcalibrating!, 9);
    expect(plan.weightError.heldOut!).toBeCloseTo(found.weightErrorheldOut!, 9);
  });

  it('has the smallest rank within the error, and two layers that give the response', () => {
    const { rank, error, weightError, factors } = plan;
    expect(rank).toBeGreaterThan(1);
    expect(rank).toBeLessThan(15);
    expect(error.calibrating).toBeLessThanOrEqual(0.1);
    expect(weightError.calibrating).toBeGreaterThan(error.calibrating);
    const low = times(factors.second, times(factors.first, xLater));
    // U Uᵀ b: the bias goes through the projection as the weights do
    const projected = times(
      factors.second,
      times(transposed(factors.second), { data: bias, rows: 20, columns: 1 }),
    );
    let [rest, whole] = [0, 0];
    const later = gramOf(yLater);
    low.data.forEach((value, at) => {
      const row = Math.floor(at / 300);
      rest += (value + projected.data[row]! + factors.shift[row]! - yLater.data[at]!) ** 2;
      whole += (yLater.data[at]! - later.sums[row]! / 300) ** 2;
    });
    expect(Math.sqrt(rest / whole)).toBeCloseTo(error.heldOut!, 9);
    expect(plan.parameters).toEqual({ before: 600, after: 50 * rank });
    expect(plan.saves).toBe(50 * rank < 600);
  });

  it('says that there is no saving where the responses need their whole rank', () => {
    const white = responses(normal(20, 20, 'square'), normal(20, 500, 'white'));
    const full = planLayer({ weights: normal(20, 20, 'square'), calibrating: gramOf(white) }, 0.05);
    expect(full).toMatchObject({ saves: false, bound: 20, error: { heldOut: null } });
    expect(full.rank).toBeGreaterThan(15);
  });

  it('plans a constant response as rank 0, and none beyond the bound', () => {
    const still = { channels: 20, columns: 5, gram: new Float64Array(400), sums: new Float64Array(20) };
    expect(planLayer({ weights, calibrating: still }, 0.05)).toMatchObject({
      rank: 0,
      error: { calibrating: 0 },
    });
    expect(rankWithin(Float64Array.of(3, 1e-20, -1e-18), 0.05)).toBe(1);
  });

  it('refuses errors outside (0, 1), sizes that do not fit, and numbers that are not finite', () => {
    const calibrating = gramOf(y);
    for (const error of [0, 1, -1, NaN])
      expect(() => planLayer({ weights, calibrating }, error)).toThrow(/^invalid error/);
    expect(() => planLayer({ weights: normal(19, 30, 'w'), calibrating }, 0.1)).toThrow(
      'invalid channels of the responses: 20 (allowed: 19, the rows of the weights)',
    );
    const spoilt = { ...calibrating, gram: calibrating.gram.map((value, i) => (i === 7 ? NaN : value)) };
    expect(() => planLayer({ weights, calibrating: spoilt }, 0.1)).toThrow('invalid Gram matrix: NaN');
    expect(() => planLayer({ weights, calibrating: { ...calibrating, columns: 0 } }, 0.1)).toThrow(
      'at least 1',
    );
  });
});

function transposed({ data, rows, columns }: Matrix): Matrix {
  const out = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j]!;
  return { data: out, rows: columns, columns: rows };
}
