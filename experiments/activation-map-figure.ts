import { readTable } from 'rankscope';
import { phaseFigure, type Figure, type PhasePanelPoint, type PhaseSpot } from 'rankscope/figures';

/** Returns the phase diagram of a pair of activations from the tables of experiments/activation-map.ts. */
export async function activationMapFigure(folder: string, pair: readonly [string, string]): Promise<Figure> {
  const own = <Row extends { readonly pair: string }>(rows: readonly Row[]) =>
    rows.filter((row) => row.pair === pair.join('-')).map(({ pair: _, ...row }) => row);
  const points = own(await readTable<PhasePanelPoint & { pair: string }>(`${folder}/predicted.csv`));
  const spots = own(await readTable<PhaseSpot & { pair: string; layers: number }>(`${folder}/spots.csv`));
  const layers = spots[0]?.layers ?? 0;
  return phaseFigure(pair, points, {
    spots,
    caption:
      'Pointwise layers of the standard protocol at dimension ratio 0.25: Kaiming normal weights, no bias, normal inputs, batch ' +
      'normalization, shift 0, one pixel, N = 4 d_out. ' +
      `Discs: mean of ${layers} layers, seed 0.`,
  });
}
