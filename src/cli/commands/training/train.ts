import { invalid } from '../../../errors.js';
import { depthTolerance } from '../../../depth/measure-depth.js';
import { recipeFields } from '../../../training/recipe.js';
import { trainingEngineNames } from '../../../training/training-engines.js';
import { commandBody } from '../../command.js';
import { optionsOfFields } from '../../options/field-options.js';
import { figureFlags } from '../../options/figure-options.js';
import { choice, text, toggle } from '../../options/option.js';
import { networkOperand } from '../../options/read-network.js';
import { toleranceOption } from '../../options/tolerance-option.js';

const { ratioRange: _, ...sizeFlags } = figureFlags('Figure:');

const options = {
  data: text("Folder with CIFAR's .bin files, IDX files (also .gz), or a folder of images for each class", {
    required: true,
  }),
  resolution: text('Height and width to which images are resized, in pixels', { default: "the network's" }),
  testShare: text('Share of each class kept for the test, if the data has no test images'),
  classes: text('Number of classes, for IDX files', { default: 'the largest label + 1' }),
  out: text('Folder of the run', { default: 'runs/train-DATE-TIME' }),
  resume: toggle('Continue the training in --out, with the same bits'),
  overwrite: toggle('Replace the training in --out'),
  ranks: toggle('Measure the rank at every tap after each epoch, on test images'),
  tolerance: toleranceOption(', for --ranks', { default: depthTolerance }),
  engine: choice(
    'Engine: kernels (WebAssembly), kernels-plain (without fused multiply-add), twin (slow float64 reference), tfjs (@tensorflow/tfjs-node)',
    ['auto', ...trainingEngineNames],
    {
      default: 'auto',
    },
  ),
  checkpointSeconds: text('Seconds of training between two checkpoints, besides one per epoch', {
    default: '60',
  }),
  json: toggle('Print one JSON object, with one row per epoch'),
  ...sizeFlags,
  recipe: text('JSON file with any of these; flags override it', { group: 'Recipe:' }),
  ...optionsOfFields('Recipe:', recipeFields),
} as const;

/** `rankscope train NETWORK --data DIR`: trains a network by a recipe. */
export const train = commandBody({
  operand: networkOperand,
  options,
  examples: [
    ['train cifar:34-34-45-55-66 --data cifar-10-batches-bin --resolution 16', ''],
    ['train mobilenet-v2-0.5 --data photos --test-share 0.2 --resolution 64 --ranks', ''],
    ['train cifar:8-12-16 --data mnist --resolution 28 --no-flip --out run --resume', ''],
  ],
  run: async (values, [name]) => {
    if ((values.resume || values.overwrite) && values.out === undefined)
      throw invalid('flag', values.resume ? '--resume' : '--overwrite', 'only with --out');
    if (values.tolerance && !values.ranks) throw invalid('flag', '--tolerance', 'only with --ranks');
    const { trainAndReport } = await import('./train-and-report.js');
    await trainAndReport(name, values);
  },
});

export type TrainValues = Parameters<typeof train.run>[0];
