import { readTable } from 'rankscope';
import { rankAccuracyFigure, type Figure } from 'rankscope/figures';
import { trainingCaption } from './training-caption';

/** A line of designs.csv, as far as it is drawn. */
interface KeptDesign {
  readonly search: string;
  readonly channels: string;
  readonly macs: number;
  readonly accuracy: number;
  readonly headEffectiveBefore: number;
  readonly headEffectiveAfter: number;
}

/** Returns the figure of rank and accuracy from the designs in the folder. */
export async function rankAndAccuracyFigure(folder: string): Promise<Figure> {
  const designs = await readTable<KeptDesign>(`${folder}/designs.csv`);
  return rankAccuracyFigure(
    designs.map(({ search, channels, macs, accuracy, headEffectiveBefore, headEffectiveAfter }) => ({
      ...{ search, channels, macs, accuracy, before: headEffectiveBefore, after: headEffectiveAfter },
    })),
    {
      title: 'Does rank predict accuracy?',
      subtitle: `${designs.length} trained designs. Accuracy: mean over the seeds that all designs of a search share`,
      xTitle: 'Effective rank / channels of the head',
      caption: `${await trainingCaption(folder)}.`,
    },
  );
}
