import type { Argv, CommandModule } from 'yargs';
import { invalid } from '../../errors.js';
import { backendNames } from '../../layers/backend-names.js';
import type { FigureName } from '../../plots/draw-run.js';
import { FIGURE_FORMATS } from '../../plots/render.js';
import { engineChoices } from '../../spectrum/engines.js';
import { PART_SECONDS } from '../../store/part-seconds.js';
import { loadActivations } from '../../study/load-activations.js';
import { resolveStudy, type StudyInput } from '../../study/study.js';
import { readFormats } from '../options/figure-options.js';
import { addOverlayOption } from '../options/overlay-option.js';
import { addStudyOptions, readStudyOptions } from '../options/study-options.js';

/** `rankscope curve`: carries a study out and draws rank ratio against dimension ratio. */
export const curveCommand = runCommand('curve', {
  describe: 'Draw rank ratio against dimension ratio for random layers',
  study: {},
  figures: undefined,
  examples: [
    ['$0 curve', 'four blocks, eight nonlinearities, ten ratios'],
    ['$0 curve --protocol standard', 'every curve a flat line'],
    ['$0 curve --blocks pointwise --layers 200 --out runs/pointwise', ''],
    ['$0 curve --blocks pointwise --layers 200 --out runs/pointwise --resume', 'after it was cut off'],
    ['$0 curve --from runs/pointwise --tolerance relative:0.01', ''],
  ],
});

/** `rankscope spectrum`: the same with every spectrum kept, and draws how the singular values fall. */
export const spectrumCommand = runCommand('spectrum', {
  describe: 'Draw the singular-value spectra of random layers',
  study: { ratios: [0.1, 0.5, 1], spectra: true },
  figures: ['spectrum'],
  examples: [['$0 spectrum --blocks pointwise --activations relu,silu', '']],
});

/** What tells the commands that carry a study out apart. */
export interface RunCommand {
  readonly describe: string;
  /** What the command's studies have where nothing is given. */
  readonly study: StudyInput;
  /** The figures it draws; undefined for all that the run has data for. */
  readonly figures: readonly FigureName[] | undefined;
  readonly examples: [command: string, says: string][];
}

function runCommand(name: FigureName, command: RunCommand): CommandModule {
  return {
    command: name,
    describe: command.describe,
    builder: (yargs) => {
      const defaults = Object.fromEntries(
        Object.entries(command.study).map(([key, value]) => [key, String(value)]),
      );
      return addRunOptions(addStudyOptions(yargs, defaults), name).example(command.examples);
    },
    handler: async (argv) => {
      const formats = readFormats(argv.formats);
      const { protocol, ...given } = await readStudyOptions(argv);
      const own = await loadActivations(argv.activationModule as string | undefined);
      const study = resolveStudy({ ...command.study, ...given, protocol }, Object.keys(own));
      if (name === 'spectrum' && !study.spectra)
        throw invalid(
          'spectra',
          false,
          'true, since they are what is drawn; ranks without them: rankscope curve',
        );
      // only now what takes a while to load: a mistyped flag need not wait for the database
      const { carryOut } = await import('./run-study.js');
      await carryOut({ name, figures: command.figures, formats, study }, argv);
    },
  };
}

function addRunOptions<T>(yargs: Argv<T>, name: FigureName): Argv<T> {
  const text = { group: 'Run:', type: 'string', requiresArg: true } as const;
  if (name === 'curve') addOverlayOption(yargs);
  return yargs
    .option('out', { ...text, describe: 'Folder of the run', defaultDescription: `runs/${name}-DATE-TIME` })
    .option('overwrite', { group: 'Run:', type: 'boolean', describe: 'Replace the run that --out holds' })
    .option('resume', { group: 'Run:', type: 'boolean', describe: 'Continue a run that ended early' })
    .option('shard', {
      ...text,
      describe: 'Measure part I of N, as I/N with 1 <= I <= N; `merge` joins the parts',
    })
    .option('part-seconds', {
      ...text,
      describe: 'Keep what is measured at least so often: seconds >= 0; 0 after every layer',
      defaultDescription: String(PART_SECONDS),
    })
    .option('from', { ...text, describe: 'Count a run with kept spectra again, at other --tolerance' })
    .option('formats', {
      ...text,
      describe: `Figure files: ${FIGURE_FORMATS.join(', ')}`,
      defaultDescription: 'all',
    })
    .option('workers', {
      ...text,
      describe: 'Worker threads: a whole number >= 0; 0 for none',
      defaultDescription: 'one a core',
    })
    .option('backend', {
      ...text,
      describe: `Tensor backend: auto, ${backendNames.join(', ')}`,
      defaultDescription: 'auto',
    })
    .option('engine', {
      ...text,
      describe: `Spectrum engine: ${engineChoices.join(', ')}`,
      defaultDescription: 'auto',
    })
    .option('activation-module', { ...text, describe: 'Module that exports nonlinearities of your own' });
}
