import { lastOf } from '../../lookups.js';
import type { Features, TrainingPlan, TrainingStep } from './training-plan.js';

/** A part of a gradient: the first `channels` of each position, rows of `row` floats in a slot of memory. */
export interface GradientPart {
  readonly slot: number;
  readonly row: number;
  readonly channels: number;
}

/** What the backward pass does, in order. Slots are places in memory that gradients share in turn. */
export type GradientAction =
  | {
      readonly kind: 'backward';
      readonly step: TrainingStep;
      /** Of what the step puts out. */
      readonly gradient: number;
      /** The slots of what it reads, in the order of its inputs; null for images. */
      readonly targets: readonly (number | null)[];
      /** Added to the first target, where the kernel can. */
      readonly other: GradientPart | null;
      /** Whether the first target has a gradient to add to. */
      readonly added: boolean;
      /** Whether the sums of the first input are to be taken: its gradient is complete. */
      readonly measured: boolean;
    }
  | { readonly kind: 'clear'; readonly features: number; readonly slot: number }
  | { readonly kind: 'add'; readonly from: GradientPart; readonly features: number; readonly slot: number }
  | { readonly kind: 'sum'; readonly features: number; readonly slot: number }
  /** The gradient through the features' own activation. */
  | { readonly kind: 'through'; readonly features: number; readonly slot: number; readonly target: number };

export interface GradientPlan {
  readonly actions: readonly GradientAction[];
  /** The slot that the gradient of the scores is written to before the first action. */
  readonly scores: number;
  readonly slotBytes: readonly number[];
}

/** Bytes of features with their spare positions behind the last. */
export function featureBytes({ row, size }: Features, batch: number): number {
  return (batch * size * size + 6) * row * 4;
}

/**
 * Returns the order of the backward pass: the steps from last to first. Features that several steps read get the sum
 * of what these give back; a shortcut copies nothing, its gradient is read from where it lies.
 */
export function planGradients({ features, steps }: TrainingPlan, batch: number): GradientPlan {
  const actions: GradientAction[] = [];
  const slots = new Slots();
  const states = features.map((): State => ({ readers: 0, part: undefined, owned: false }));
  for (const { inputs } of steps) for (const input of inputs) states[input]!.readers++;

  const acquire = (i: number) => slots.acquire(featureBytes(features[i]!, batch));
  const put = (i: number, slot: number) => {
    const { row, channels } = features[i]!;
    Object.assign(states[i]!, { part: { slot, row, channels }, owned: true });
  };
  /** Gives the features a gradient of their own. */
  const own = (i: number) => {
    const { part, owned } = states[i]!;
    if (owned || part === undefined) return;
    const slot = acquire(i);
    actions.push({ kind: 'clear', features: i, slot }, { kind: 'add', from: part, features: i, slot });
    slots.release(part.slot);
    put(i, slot);
  };
  const sum = (i: number) => {
    const { readers, part } = states[i]!;
    if (readers > 0 || !features[i]!.measured) return;
    actions.push({ kind: 'sum', features: i, slot: part!.slot });
  };
  /** Lets the features read a gradient that lies elsewhere. */
  const share = (i: number, from: GradientPart) => {
    const state = states[i]!;
    state.readers--;
    if (state.part === undefined) {
      slots.retain(from.slot);
      state.part = from;
      state.owned = false;
    } else {
      own(i);
      actions.push({ kind: 'add', from, features: i, slot: state.part.slot });
    }
    if (state.readers > 0) return;
    const { row, channels } = features[i]!;
    if (state.part.row !== row || state.part.channels !== channels) own(i);
    sum(i);
  };
  /** Writes a new gradient for the features, with what they had so far in `other`. */
  const write = (i: number) => {
    const state = states[i]!;
    const other = state.part ?? null;
    const slot = acquire(i);
    state.readers--;
    put(i, slot);
    return { slot, other };
  };

  const last = lastOf(steps).output;
  put(last, acquire(last));
  const scores = states[last]!.part!.slot;
  sum(last);
  for (const step of [...steps].reverse()) {
    const { kind, inputs, output, layer } = step;
    const { slot: behind, row } = states[output]!.part!;
    // the other kernels go through the activation themselves
    const passes = kind !== 'shortcut' && kind !== 'pool';
    const gradient = passes || features[output]!.activation === 'linear' ? behind : acquire(output);
    if (gradient !== behind) {
      actions.push({ kind: 'through', features: output, slot: behind, target: gradient });
      slots.release(behind);
    }
    const [x, second] = inputs as [number, number?];
    const base = { kind: 'backward', step, gradient, other: null, added: false, measured: false } as const;
    if (kind === 'shortcut') {
      share(x, { slot: gradient, row, channels: features[x]!.channels });
      share(second!, { slot: gradient, row, channels: layer.channelsIn });
    } else if (kind === 'scale') {
      const targets = [write(x), write(second!)];
      actions.push({ ...base, targets: targets.map(({ slot }) => slot) });
      targets.forEach(({ slot, other }, i) => {
        if (!other) return;
        actions.push({ kind: 'add', from: other, features: inputs[i]!, slot });
        slots.release(other.slot);
      });
      inputs.forEach(sum);
    } else if (x === 0) {
      actions.push({ ...base, targets: [null] });
    } else if (kind === 'pool' && states[x]!.part !== undefined) {
      own(x);
      const { slot } = states[x]!.part!;
      const measured = --states[x]!.readers === 0 && features[x]!.measured;
      actions.push({ ...base, targets: [slot], added: true, measured });
    } else {
      const { slot, other } = write(x);
      const measured = states[x]!.readers === 0 && features[x]!.measured;
      actions.push({ ...base, targets: [slot], other, measured });
      if (other) slots.release(other.slot);
    }
    slots.release(gradient);
  }
  return { actions, scores, slotBytes: slots.bytes };
}

interface State {
  /** Steps that read the features and have not given their gradient back. */
  readers: number;
  part: GradientPart | undefined;
  /** Whether the slot holds the gradient of these features alone. */
  owned: boolean;
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
