import { SingleBar, Presets } from 'cli-progress';
import type { Progress } from '../../runs/run-study.js';

/** Seconds between two plain lines without a terminal. */
const LINE_SECONDS = 10;

/**
 * Returns a progress display on standard error for a study or other work counted in `units`. On a terminal it is a bar
 * with rate and remaining time; elsewhere it is a plain line every ten seconds. `end` clears the bar.
 */
export function showProgress(units = 'layers'): { update(progress: Shown): void; end(): void } {
  if (!process.stderr.isTTY) {
    let next = LINE_SECONDS;
    return {
      update(progress) {
        if (progress.seconds < next) return;
        next = progress.seconds + LINE_SECONDS;
        process.stderr.write(`${describe(progress, units)}\n`);
      },
      end: () => undefined,
    };
  }
  const format = (
    _options: unknown,
    params: { progress: number },
    payload: { text?: string | undefined },
  ) => {
    const width = 24;
    const filled = Math.round(params.progress * width);
    return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${payload.text ?? ''}`;
  };
  const bar = new SingleBar(
    { format, clearOnComplete: true, hideCursor: true, linewrap: false, fps: 8 },
    Presets.shades_classic,
  );
  let begun = false;
  return {
    update(progress) {
      if (!begun) bar.start(progress.total, 0, {});
      begun = true;
      bar.update(progress.done, { text: describe(progress, units) });
    },
    end() {
      if (begun) bar.stop();
    },
  };
}

/** `share` is the share of the work that is done. If units differ in cost, the remaining time follows from it. */
type Shown = Progress & { readonly share?: number | undefined };

function describe({ done, total, seconds, share = done / total }: Shown, units: string): string {
  const rate = done / Math.max(seconds, 1e-3);
  const left = (seconds * (1 - share)) / Math.max(share, 1e-9);
  const pace =
    rate < 0.5 ? `${(60 * rate).toFixed(1)} a minute` : `${rate.toFixed(rate < 10 ? 1 : 0)} a second`;
  return `${done}/${total} ${units}, ${pace}, ${duration(left)} left`;
}

/** Formats a duration in seconds: `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
