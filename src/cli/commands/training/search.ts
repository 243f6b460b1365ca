import { invalid } from '../../../errors.js';
import { recipeFields } from '../../../training/recipe.js';
import { commandBody } from '../../command.js';
import { optionsOfFields } from '../../options/field-options.js';
import { figureFlags } from '../../options/figure-options.js';
import { text, toggle } from '../../options/option.js';

const { ratioRange: _, ...sizeFlags } = figureFlags('Figure:');
const { seed: __, ...recipeOptions } = recipeFields;

const options = {
  data: text('Folder with the images, as for `train`', { default: 'that of the study' }),
  out: text('Folder of the run', { default: 'runs/search-DATE-TIME' }),
  resume: toggle('Continue the search in --out, with the same bits'),
  overwrite: toggle('Replace the search in --out'),
  workers: text('Number of networks trained at a time, each on one core', { default: '1' }),
  shard: text('Part of the search to train, as I/N; `merge` joins the parts', { default: '1/1' }),
  checkpointSeconds: text('Seconds between two checkpoints of a network', { default: '60' }),
  estimate: toggle('Print the expected duration of the search, and end'),
  analyse: toggle('Analyse the finished or unfinished search in the folder STUDY'),
  again: toggle('Train the best and worst designs of the search in the folder STUDY again, with fresh seeds'),
  ends: text('Number of best designs, and of worst ones, for --again', { default: '10' }),
  fresh: text('Folder of the search that --again made, for --analyse'),
  json: toggle('Print one JSON object'),
  ...sizeFlags,
  seeds: text('Seeds per design: a number, or a list such as 3,4,5', {
    group: 'Study:',
    default: "the study's, 1",
  }),
  resolution: text('Height and width to which images are resized, in pixels', {
    group: 'Study:',
    default: "the study's, 32",
  }),
  trainImages: text('Number of training images, drawn once', {
    group: 'Study:',
    default: "the study's, all",
  }),
  ...optionsOfFields('Recipe:', recipeOptions),
} as const;

/** `rankscope search STUDY`: trains many networks by one recipe and analyses their accuracy. */
export const search = commandBody({
  operand: { describe: 'JSON file of a search; with --analyse or --again the folder of a search' },
  options,
  examples: [
    ['search study.json --data cifar-10-batches-bin --workers 2 --out runs/search', ''],
    ['search --analyse runs/search', ''],
    ['search --again runs/search --seeds 3 --data cifar-10-batches-bin --out runs/again', ''],
    ['search --analyse runs/search --fresh runs/again', ''],
  ],
  run: async (values, [place]) => {
    const allowed = (flag: string, given: unknown, holds: boolean, where: string) => {
      if (given !== undefined && given !== false && !holds) throw invalid('flag', flag, where);
    };
    allowed('--again', values.again, !values.analyse, 'not with --analyse');
    allowed('--ends', values.ends, values.again === true, 'only with --again');
    allowed('--fresh', values.fresh, values.analyse === true, 'only with --analyse');
    if ((values.resume || values.overwrite) && values.out === undefined)
      throw invalid('flag', values.resume ? '--resume' : '--overwrite', 'only with --out');
    if (values.analyse) {
      const { analyseKeptSearch } = await import('./analyse-search.js');
      await analyseKeptSearch(place, values);
      return;
    }
    const { searchAndReport } = await import('./search-and-report.js');
    await searchAndReport(place, values);
  },
});

export type SearchValues = Parameters<typeof search.run>[0];
