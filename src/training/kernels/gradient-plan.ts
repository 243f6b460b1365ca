import { entryOf, lastOf } from '../../lookups.js';
import type { ConvolutionStep, PlannedFeatures, PoolStep, ScaleStep, TrainingPlan } from './training-plan.js';

/** A part of a gradient: the first `channels` of each position, rows of `row` floats in a slot of memory. */
export interface GradientPart {
  readonly slot: number;
  readonly row: number;
  readonly channels: number;
}

/** The actions of the backward pass, in order. Slots are places in memory that gradients share in turn. */
export type GradientAction =
  | StepAction
  | { readonly kind: 'clear'; readonly features: number; readonly slot: number }
  | { readonly kind: 'add'; readonly from: GradientPart; readonly features: number; readonly slot: number }
  | { readonly kind: 'sum'; readonly features: number; readonly slot: number }
  /** The gradient through the features' own activation. */
  | { readonly kind: 'through'; readonly features: number; readonly slot: number; readonly target: number };

export type StepAction = ConvolutionAction | PoolAction | ScaleAction;

interface BackwardStep<S> {
  readonly step: S;
  /** The slot of the gradient of the step's output. */
  readonly gradient: number;
  /** The slot of the gradient of its first input; null for images. */
  readonly target: number | null;
  /** Whether the sums of the first input are taken, since its gradient is complete. */
  readonly measured: boolean;
}

export interface ConvolutionAction extends BackwardStep<ConvolutionStep> {
  readonly kind: 'convolution';
  /** Added to the target. */
  readonly other: GradientPart | null;
}

export interface PoolAction extends BackwardStep<PoolStep> {
  readonly kind: 'pool';
  /** Whether the target has a gradient to add to. */
  readonly added: boolean;
}

export interface ScaleAction extends BackwardStep<ScaleStep> {
  readonly kind: 'scale';
  /** The slot of the gradient of its second input. */
  readonly second: number;
}

export interface GradientPlan {
  readonly actions: readonly GradientAction[];
  /** The slot that the gradient of the scores is written to before the first action. */
  readonly scores: number;
  readonly slotBytes: readonly number[];
}

/** Bytes of features with their spare positions behind the last. */
export function featureBytes({ row, size }: PlannedFeatures, batch: number): number {
  return (batch * size * size + 6) * row * 4;
}

/**
 * Returns the order of the backward pass: the steps from last to first. Features that several steps read get the sum of
 * their gradients. A shortcut copies nothing; its gradient is read in place.
 */
export function planGradients({ features, steps }: TrainingPlan, batch: number): GradientPlan {
  const actions: GradientAction[] = [];
  const slots = new Slots();
  /** The part of the features' gradient that is known so far. */
  const gradients = new Map<number, FeatureGradient>();
  /** Steps that read the features and have not yet added to their gradient. */
  const readers = features.map(() => 0);
  for (const { inputs } of steps) for (const input of inputs) readers[input]!++;

  const acquire = (i: number) => slots.acquire(featureBytes(features[i]!, batch));
  const put = (i: number, slot: number): GradientPart => {
    const { row, channels } = features[i]!;
    const part = { slot, row, channels };
    gradients.set(i, { part, owned: true });
    return part;
  };
  /** Returns a gradient in a slot of the features' own, which begins with the known part. */
  const own = (i: number) => {
    const before = gradients.get(i);
    if (before?.owned) return before.part;
    const slot = acquire(i);
    if (before) {
      const from = before.part;
      actions.push({ kind: 'clear', features: i, slot }, { kind: 'add', from, features: i, slot });
      slots.release(from.slot);
    }
    return put(i, slot);
  };
  /** Whether the gradient is complete and its sums are taken. */
  const isMeasured = (i: number) => readers[i] === 0 && features[i]!.measured;
  const sum = (i: number) => {
    if (isMeasured(i)) actions.push({ kind: 'sum', features: i, slot: entryOf(gradients, i).part.slot });
  };
  /** Lets the features read a gradient that lies elsewhere. */
  const share = (i: number, from: GradientPart) => {
    readers[i]!--;
    let part = from;
    if (gradients.has(i)) {
      part = own(i);
      actions.push({ kind: 'add', from, features: i, slot: part.slot });
    } else {
      slots.retain(from.slot);
      gradients.set(i, { part, owned: false });
    }
    if (readers[i]! > 0) return;
    const { row, channels } = features[i]!;
    if (part.row !== row || part.channels !== channels) own(i);
    sum(i);
  };
  /** Gives the features a new gradient to be written; the known part is in `other`. */
  const write = (i: number) => {
    const other = gradients.get(i)?.part ?? null;
    const { slot } = put(i, acquire(i));
    readers[i]!--;
    return { features: i, slot, other };
  };

  const last = lastOf(steps).output;
  const scores = own(last).slot;
  sum(last);
  for (const step of [...steps].reverse()) {
    const { kind, output, layer } = step;
    const { slot: behind, row } = entryOf(gradients, output).part;
    // the other kernels go through the activation themselves
    const passes = kind !== 'shortcut' && kind !== 'pool';
    const gradient = passes || features[output]!.activation === 'linear' ? behind : acquire(output);
    if (gradient !== behind) {
      actions.push({ kind: 'through', features: output, slot: behind, target: gradient });
      slots.release(behind);
    }
    if (step.kind === 'shortcut') {
      const [x, second] = step.inputs;
      share(x, { slot: gradient, row, channels: features[x]!.channels });
      share(second, { slot: gradient, row, channels: layer.channelsIn });
    } else if (step.kind === 'scale') {
      const [x, second] = [write(step.inputs[0]), write(step.inputs[1])];
      const targets = { target: x.slot, second: second.slot };
      actions.push({ kind: 'scale', step, gradient, ...targets, measured: false });
      for (const { features, slot, other } of [x, second]) {
        if (!other) continue;
        actions.push({ kind: 'add', from: other, features, slot });
        slots.release(other.slot);
      }
      for (const input of step.inputs) sum(input);
    } else if (step.kind === 'pool') {
      const [x] = step.inputs;
      const added = gradients.has(x);
      const target = own(x).slot;
      readers[x]!--;
      actions.push({ kind: 'pool', step, gradient, target, added, measured: isMeasured(x) });
    } else {
      const [x] = step.inputs;
      const { slot: target, other } = x === 0 ? nothing : write(x);
      actions.push({ kind: 'convolution', step, gradient, target, other, measured: isMeasured(x) });
      if (other) slots.release(other.slot);
    }
    slots.release(gradient);
  }
  return { actions, scores, slotBytes: slots.bytes };
}

/** Images have no gradient. */
const nothing = { slot: null, other: null };

/** The gradient of some features so far. */
interface FeatureGradient {
  readonly part: GradientPart;
  /** Whether the slot holds the gradient of these features alone. */
  readonly owned: boolean;
}

class Slots {
  readonly bytes: number[] = [];
  private readonly users: number[] = [];

  /** Returns a free slot: the smallest that is large enough, else the largest, made larger. */
  acquire(bytes: number): number {
    const free = this.bytes.map((_, i) => i).filter((i) => this.users[i] === 0);
    const sorted = free.sort((a, b) => this.bytes[a]! - this.bytes[b]!);
    const slot = sorted.find((i) => this.bytes[i]! >= bytes) ?? sorted.at(-1) ?? this.bytes.length;
    this.bytes[slot] = Math.max(bytes, this.bytes[slot] ?? 0);
    this.users[slot] = 1;
    return slot;
  }

  retain(slot: number): void {
    this.users[slot]!++;
  }

  release(slot: number): void {
    this.users[slot]!--;
  }
}
