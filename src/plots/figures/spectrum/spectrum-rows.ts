import type { SpectrumPoint } from '../../../study/spectrum-summary.js';
import { formatBlock, orderBlocks, orderTaps, formatTap } from '../../parts/format-names.js';

/** One row of panels of a spectrum figure: one block and tap. */
export interface SpectrumRow {
  readonly block: string;
  readonly tap: string;
  readonly words: string;
  readonly activations: ReadonlySet<string>;
}

/** Returns the rows, block by block; a tap is named where its block has several. */
export function spectrumRows(spectra: readonly SpectrumPoint[]): SpectrumRow[] {
  return orderBlocks(spectra.map((point) => point.block)).flatMap((block) => {
    const own = spectra.filter((point) => point.block === block);
    const taps = orderTaps(own.map((point) => point.tap));
    return taps.map((tap) => ({
      block,
      tap,
      words: taps.length > 1 ? `${formatBlock(block)}, ${formatTap(tap)}` : formatBlock(block),
      activations: new Set(own.filter((point) => point.tap === tap).map((point) => point.activation)),
    }));
  });
}
