import { invalid } from '../../errors.js';
import { backendNames } from '../../layers/backend-names.js';
import type { FigureName } from '../../report/draw-run.js';
import { engineChoices } from '../../spectrum/engines.js';
import { PART_SECONDS } from '../../store/rows/part-seconds.js';
import { loadActivations } from '../../study/load-activations.js';
import type { StudyInput } from '../../study/study.js';
import { type CommandBody, commandBody } from '../command.js';
import { figureFlags, overlayOption, readFigureFlags } from '../options/figure-options.js';
import { choice, type OptionValues, text, toggle } from '../options/option.js';
import { resolveStudyOptions, studyOptions } from '../options/study-options.js';

/** Flags that ask for layers, also beside --predict. */
const measuring = ['layers', 'from', 'resume', 'shard'] as const;

const curveOptions = {
  overlay: { ...overlayOption, group: 'Run:' },
  predict: toggle(
    'Draw the curves that theory predicts; with --layers or --from also the measured means, as marks',
    { group: 'Run:' },
  ),
};

/** `rankscope curve`: runs a study and draws rank ratio against dimension ratio. */
export const curve = studyCommand('curve', {
  study: {},
  figures: undefined,
  examples: [
    ['curve', 'four blocks, eight activations, ten ratios'],
    ['curve --protocol standard --blocks pointwise', 'layers as they begin training'],
    ['curve --blocks pointwise --layers 200 --out runs/pointwise', ''],
    [
      'curve --predict --channels 100000:100000 --protocol standard --tolerance relative:0.003',
      'theory, without drawing a layer',
    ],
    ['curve --predict --layers 50', 'predicted curves, measured marks'],
    ['curve --resume', 'continues an interrupted run'],
    ['curve --from runs/pointwise --tolerance relative:0.01', ''],
  ],
});

/** `rankscope spectrum`: runs a study with every spectrum saved and draws the spectra. */
export const spectrum = studyCommand('spectrum', {
  study: { ratios: [0.1, 0.5, 1], spectra: true },
  figures: ['spectrum'],
  examples: [['spectrum --blocks pointwise --activations relu,silu', '']],
});

/** The differences between the commands that run a study. */
interface StudyCommand {
  /** The command's defaults for fields of the study. */
  readonly study: StudyInput;
  /** The figures it draws; undefined means every figure that the run has data for. */
  readonly figures: readonly FigureName[] | undefined;
  readonly examples: CommandBody['examples'];
}

function studyCommand(name: FigureName, { study: usual, figures, examples }: StudyCommand) {
  const defaults = Object.fromEntries(Object.entries(usual).map(([key, value]) => [key, String(value)]));
  const shared = { ...studyOptions(defaults), ...runOptions(name) };
  return commandBody({
    options: name === 'curve' ? { ...shared, ...curveOptions } : shared,
    examples,
    run: async (values) => {
      const drawing = readFigureFlags(values);
      const own = await loadActivations(values.activationModule);
      const predicts = 'predict' in values && values.predict === true;
      const drawn = !predicts || measuring.some((flag) => values[flag] !== undefined);
      const study = await resolveStudyOptions(values, usual, Object.keys(own), drawn);
      if (!drawn) {
        const { predictCommand } = await import('./predict-study.js');
        return predictCommand({ study, drawing }, values);
      }
      if (name === 'spectrum' && !study.spectra)
        throw invalid('spectra', false, 'true, since spectra are drawn; ranks without them: rankscope curve');
      // slow modules are loaded only now, so that a mistyped flag fails at once
      const { runStudyCommand } = await import('./run-study.js');
      await runStudyCommand({ name, figures, drawing, study }, values);
    },
  });
}

/** The values of the flags about running a study, as opposed to defining it. */
export type RunValues = OptionValues<ReturnType<typeof runOptions>> & {
  readonly overlay?: boolean | undefined;
  readonly predict?: boolean | undefined;
};

function runOptions(name: FigureName) {
  const group = 'Run:';
  return {
    out: text('Folder of the run', { group, default: `runs/${name}-DATE-TIME` }),
    overwrite: toggle('Replace the run in --out', { group }),
    resume: toggle('Continue a run that ended early', { group }),
    shard: text('Measure part I of N, as I/N with 1 <= I <= N; `merge` joins the parts', { group }),
    partSeconds: text('Save results at least every N seconds, a number >= 0; 0 after every layer', {
      group,
      default: String(PART_SECONDS),
    }),
    from: text('Recount a finished run from its saved spectra, at other --tolerance', { group }),
    workers: text('Worker threads: a whole number >= 0; 0 uses the main thread', {
      group,
      default: 'one per core',
    }),
    backend: choice(`Tensor backend: auto, ${backendNames.join(', ')}`, ['auto', ...backendNames], {
      group,
      default: 'auto',
    }),
    engine: choice(`Spectrum engine: ${engineChoices.join(', ')}`, engineChoices, {
      group,
      default: 'auto',
    }),
    activationModule: text('Module that exports activations of your own', { group }),
    ...figureFlags('Figure:'),
  };
}
