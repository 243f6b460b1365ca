import { join } from 'node:path';
import { invalid } from '../../errors.js';
import { phaseFigure } from '../../plots/figures/phase.js';
import { writeFigure } from '../../plots/render/render.js';
import { predictedCaption } from '../../report/protocol-caption.js';
import { checkFigureFolder } from '../../store/folder/figure-folder.js';
import { protocolNames, resolveProtocol, type ProtocolInput } from '../../study/protocol-presets.js';
import { resolveStudy, studyFields } from '../../study/study.js';
import { predictPhase, type PhasePoint } from '../../theory/predict-phase.js';
import { commandBody } from '../command.js';
import { figureFlags, readFigureFlags } from '../options/figure-options.js';
import { choice, flagOf, list, text } from '../options/option.js';
import { protocolOptions } from '../options/study-options.js';
import { newRunFolder } from './new-run-folder.js';

const WIDTHS = [32, 64, 128, 256, 512, 1024, 4096, 16384, 65536];
const TOLERANCES = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001];

/** A map has no axis of rank ratios. */
const { ratioRange: _, ...phaseFlags } = figureFlags('Figure:');

/** The choices of a pointwise layer; the defaults shown are those of `standard`. */
const choices = [
  ...(['samples', 'inputs', 'weights', 'bias', 'normalization'] as const),
  ...(['normalizationScale', 'normalizationShift', 'center'] as const),
];
const standard = resolveProtocol('standard');
const layerFlags = protocolOptions(
  choices,
  Object.fromEntries(choices.map((key) => [key, String(standard[key])])),
);

/** `rankscope phase A B`: which of two activations has more rank, over width and tolerance, predicted. */
export const phase = commandBody({
  operand: { describe: 'Two activations', values: studyFields.activations.allowed.split(', ') },
  options: {
    widths: list('Output channels: whole numbers >= 2', { default: WIDTHS.join(',') }),
    tolerances: list('Tolerances relative to the largest singular value: numbers in (0, 1)', {
      default: TOLERANCES.join(','),
    }),
    ratio: text('Dimension ratio d_in / d_out: a number in (0, 1]', { default: '0.25' }),
    protocol: choice('Named protocol of the layers; the flags of the protocol override it', protocolNames, {
      default: 'standard',
    }),
    ...layerFlags.options,
    out: text('Folder of the figure', { default: 'runs/phase-DATE-TIME' }),
    ...phaseFlags,
  },
  examples: [
    ['phase silu relu', 'theory, in seconds, without drawing a layer'],
    ['phase hardSwish silu --ratio 0.1 --widths 64,256,1024', ''],
  ],
  run: async (values, operands) => {
    if (values.width?.includes(','))
      throw invalid('width', values.width, 'a number of pixels; --widths are the output channels');
    const { formats, figure: look } = readFigureFlags(values);
    const [first, second] = operands.flatMap((word) => word.split(','));
    if (first === undefined || second === undefined || operands.flatMap((w) => w.split(',')).length !== 2)
      throw invalid('activations', operands.join(' '), 'two, such as phase silu relu');
    const widths = numbers(
      'widths',
      values.widths,
      WIDTHS,
      (x) => Number.isSafeInteger(x) && x >= 2,
      'whole numbers >= 2',
    );
    const tolerances = numbers(
      'tolerances',
      values.tolerances?.map((word) => word.replace(/^\s*relative:/, '')),
      TOLERANCES,
      (x) => x > 0 && x < 1,
      'numbers in (0, 1), as 0.01 or relative:0.01',
    );
    const [ratio = NaN] = numbers(
      'ratio',
      values.ratio === undefined ? undefined : [values.ratio],
      [0.25],
      (x) => x > 0 && x <= 1,
      'a number in (0, 1]',
    );
    const out = values.out ?? newRunFolder('phase');
    await checkFigureFolder(out);
    const changed = layerFlags.read(values);
    const changes = Object.entries(changed).map(([key, value]) => `--${flagOf(key)} ${String(value)}`);
    const given = { preset: values.protocol ?? 'standard', ...changed };
    const protocol = resolveProtocol(given as ProtocolInput);
    const points = predictPhase({ activations: [first, second], widths, tolerances, ratio, protocol });
    const study = resolveStudy({ blocks: ['pointwise'], protocol });
    const caption =
      `Pointwise layers at dimension ratio ${ratio}. ${predictedCaption(study)} ` +
      'Predicted; no layer was drawn.';
    const figure = phaseFigure(
      [first, second],
      points.map((point) => ({ panel: '', ...point })),
      { caption, ...look },
    );
    const paths = await writeFigure(figure, join(out, 'phase'), formats);
    const lines = [
      ...phaseTable(points),
      '',
      `rank ratio of ${first} less that of ${second}, by output channels and tolerance, predicted`,
      `pointwise layers at dimension ratio ${ratio}, protocol ${[given.preset, ...changes].join(' ')}: N = ${protocol.samples.replace(/x$/, ' d_out')}`,
      '',
      ...paths.map((path) => `figure   ${path}`),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  },
});

function numbers(
  name: string,
  given: readonly string[] | undefined,
  usual: readonly number[],
  holds: (x: number) => boolean,
  allowed: string,
): number[] {
  if (given === undefined) return [...usual];
  const read = given.map((word) => (word.trim() === '' ? NaN : Number(word)));
  const wrong = read.findIndex((x) => !holds(x));
  if (wrong >= 0 || read.length === 0) throw invalid(name, given[wrong] ?? '', allowed);
  return [...new Set(read)].sort((a, b) => a - b);
}

/** One line per tolerance, strict last, one column per width. */
function phaseTable(points: readonly PhasePoint[]): string[] {
  const widths = [...new Set(points.map(({ width }) => width))];
  const tolerances = [...new Set(points.map(({ tolerance }) => tolerance))].sort((a, b) => b - a);
  const cell = (tolerance: number, width: number) => {
    const found = points.find((point) => point.tolerance === tolerance && point.width === width);
    const shown = (found?.difference ?? NaN).toFixed(3);
    return shown === '-0.000' || shown === '0.000' ? '0.000' : `${shown.startsWith('-') ? '' : '+'}${shown}`;
  };
  return [
    'tolerance'.padEnd(10) + widths.map((width) => String(width).padStart(8)).join(''),
    ...tolerances.map(
      (tolerance) =>
        String(tolerance).padEnd(10) + widths.map((width) => cell(tolerance, width).padStart(8)).join(''),
    ),
  ];
}
