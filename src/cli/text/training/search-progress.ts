import type { SearchEstimate } from '../../../search/estimate-search.js';
import type { SearchRow } from '../../../search/search-row.js';
import { duration } from '../progress.js';

const LINE_SECONDS = 10;
const FRAME_SECONDS = 0.125;

/**
 * Returns a progress display of a search on standard error. On a terminal it is a line that changes; elsewhere it is a
 * line every ten seconds.
 * @param images training images of one network
 */
export function showSearch(total: number, images: number) {
  const terminal = process.stderr.isTTY;
  const begun = performance.now();
  const underWay = new Map<string, number>();
  let last = begun;
  let doneHere = 0;
  let [done, kept] = [0, 0];
  const clear = () => void (terminal && process.stderr.write('\r\u001B[K'));
  const show = () => {
    const now = performance.now();
    if (now - last < 1000 * (terminal ? FRAME_SECONDS : LINE_SECONDS)) return;
    last = now;
    const part = [...underWay.values()].reduce((sum, share) => sum + share, 0);
    const seconds = (now - begun) / 1000;
    const pace = (doneHere + part) / seconds;
    const left = (total - kept - doneHere - part) / Math.max(pace, 1e-9);
    clear();
    const rate = ((doneHere + part) * images) / seconds;
    process.stderr.write(
      `${done}/${total} networks, ${rate.toFixed(0)} images/s, ${duration(left)} left${terminal ? '' : '\n'}`,
    );
  };
  return {
    /** Sets the work that earlier sittings did. */
    begin(earlier: number) {
      [done, kept] = [earlier, earlier];
    },
    step({
      design,
      seed,
      done: some,
      total: all,
    }: {
      design: number;
      seed: number;
      done: number;
      total: number;
    }) {
      underWay.set(`${design}/${seed}`, some / all);
      show();
    },
    row({ design, seed }: Pick<SearchRow, 'design' | 'seed'>) {
      underWay.delete(`${design}/${seed}`);
      doneHere++;
      done = kept + doneHere;
      show();
    },
    end: clear,
  };
}

/** Returns an estimate in words. */
export function estimateLine(
  { networks, images, imagesPerSecond, seconds }: SearchEstimate,
  workers: number,
): string {
  const shown = images < 1e6 ? images.toLocaleString('en') : `${(images / 1e6).toPrecision(3)} million`;
  const trained = `${networks} network${networks === 1 ? '' : 's'}, ${shown} images`;
  const cores = workers > 1 ? ` on each of ${workers} cores` : '';
  return `${trained} at ${imagesPerSecond.toFixed(0)} a second${cores}: about ${duration(seconds)}`;
}
