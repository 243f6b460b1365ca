import { describe, expect, it } from 'vitest';
import { predictedCaption, protocolCaption, protocolCaptions } from '../../src/report/protocol-caption.js';
import { resolveStudy, type StudyInput } from '../../src/study/study.js';

const layers = { done: 1, total: 1 };
const described = (study: StudyInput) => ({
  study: resolveStudy(study),
  state: 'complete' as const,
  layers,
});

describe('protocolCaption', () => {
  it('names every choice of the paper’s protocol for a reader', () => {
    expect(protocolCaption(described({ blocks: ['pointwise', 'inverted-conv3x3'] }))).toBe(
      'Protocol: weights Kaiming normal by fan-out; bias uniform within ±1/√fan-in; inputs uniform from 0 to 1.25; ' +
        'normalization by the batch’s standard deviation, not centred; scale of each channel ' +
        'uniform from 0 to 1; shift 0; 1 × 1 pixel; zero padding; N = 1.2 d_out; d_out uniform from 64 to 512; expansion uniform from 0 ' +
        'to 5; shortcut onto the first d_in channels; tolerance numpy; seed 0.',
    );
  });

  it('leaves out what the blocks do not have, and a scale without a normalization', () => {
    const protocol = {
      normalization: 'none',
      samples: 'd_out+1',
      channels: '128:128',
      bias: 'none',
    } as const;
    const caption = protocolCaption(described({ blocks: ['pointwise'], protocol }));
    expect(caption).toContain('; no bias; ');
    expect(caption).toContain('; no normalization; 1 × 1 pixel; N = d_out + 1; d_out 128; tolerance numpy;');
    expect(caption).not.toMatch(/expansion|shortcut|padding|scale|shift/);
  });

  it.each<[StudyInput['protocol'], string]>([
    [{ weights: 'normal:2/inputs' }, 'weights normal with standard deviation 2/√inputs;'],
    [{ weights: 'kaiming-uniform' }, 'weights Kaiming uniform by fan-in;'],
    [{ weights: 'orthogonal' }, 'weights orthogonal;'],
    [{ inputs: 'half-normal' }, 'inputs the absolute values of normal ones with standard deviation 1;'],
    [
      { normalization: 'running:0.1' },
      'normalization by running statistics that have the batch with weight 0.1;',
    ],
    [{ preset: 'standard' }, 'batch normalization; scale 1; shift 0;'],
    [{ normalizationShift: 'normal:0.5' }, 'shift of each channel normal with standard deviation 0.5;'],
    [{ normalizationShift: 'uniform:2' }, 'shift of each channel uniform within ±2;'],
    [{ center: true }, 'features less the mean of their channel; tolerance numpy;'],
    [{ channelDistribution: 'log-uniform' }, 'd_out log-uniform from 64 to 512;'],
    [{ spatial: 7, padding: 'valid' }, '7 × 7 pixels; no padding;'],
    [{ shortcut: false, expansion: 6 }, 'expansion 6; no shortcut;'],
    [{ tolerances: ['relative:0.001', 'energy:0.99'] }, 'tolerance 10⁻³ σ₁, 99% of Σσ²;'],
  ])('%j', (protocol, words) => {
    expect(protocolCaption(described({ blocks: ['inverted-depthwise'], protocol }))).toContain(words);
  });
});

describe('predictedCaption', () => {
  it('leaves out what the figure shows, and the seed, which nothing depends on', () => {
    expect(predictedCaption(resolveStudy({ blocks: ['pointwise'], protocol: 'standard' }))).toBe(
      'Protocol: weights Kaiming normal by fan-in; no bias; inputs normal with standard deviation 1; ' +
        'batch normalization; scale 1; shift 0; 1 × 1 pixel; N = 4 d_out.',
    );
  });
});

describe('protocolCaptions', () => {
  it('says once what runs have in common', () => {
    const runs = [0, 1].map((seed) => ({ label: `run ${seed}`, manifest: described({ seed }) }));
    expect(protocolCaptions(runs)).toMatch(
      /^Protocol: weights .*; tolerance numpy\. run 0: seed 0\. run 1: seed 1\.$/,
    );
  });
});
