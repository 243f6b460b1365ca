import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStream, nextWord } from '../../src/random/stream.js';
import { runStudy } from '../../src/store/run-study.js';
import type { StudyInput } from '../../src/study/study.js';
import { exitOf, expectSame, manifestOf, pause, small, tiny } from './interrupted.js';
import { rankscope, startRankscope } from './rankscope.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-kill-'));
afterAll(() => rmSync(base, { recursive: true }));

describe('a run killed just before any change it makes to its folder', () => {
  const reference = join(base, 'tiny');
  let changes = 0;
  const study: StudyInput = {
    blocks: ['pointwise'],
    activations: ['relu', 'silu'],
    ratios: [0.5, 1],
    layers: 1,
    spectra: true,
    protocol: { channels: '6:12' },
  };

  beforeAll(() => {
    const { stderr, status } = rankscope([...tiny, '--out', reference], killing(reference));
    expect(status).toBe(0);
    changes = stderr.trim().split('\n').length;
  });

  const killing = (folder: string, at?: number) => ({
    env: {
      ...process.env,
      NODE_OPTIONS: `--import=${join(__dirname, 'kill-at.mjs')}`,
      KILL_BELOW: folder,
      ...(at !== undefined && { KILL_AT: String(at) }),
    },
  });

  it('ends, continued, as one never stopped', { timeout: 300_000 }, async () => {
    expect(changes).toBeGreaterThan(20);
    const moments = Array.from({ length: changes }, (_, i) => i + 1);
    await inPairs(moments, async (at) => {
      const folder = join(base, `at-${at}`);
      const { env } = killing(folder, at);
      const killed = startRankscope([...tiny, '--out', folder], { env });
      await once(killed, 'exit');
      expect(killed.signalCode, `change ${at} of ${changes}`).toBe('SIGKILL');
      const left = existsSync(folder) ? wholeParts(folder) : 0;

      // every seventh is killed once more while it is continued
      if (at % 7 === 0) {
        const again = startRankscope([...tiny, '--resume', '--out', folder], killing(folder, at / 7 + 8));
        await once(again, 'exit');
        if (existsSync(join(folder, 'rows'))) expect(wholeParts(folder)).toBeGreaterThanOrEqual(left);
      }
    });
    // one after another: the tensor backend is one for the whole process
    for (const at of moments) {
      const folder = join(base, `at-${at}`);
      await runStudy(study, { out: folder, resume: true, workers: 0 });
      await expectSame(folder, reference);
    }
  });

  const wholeParts = (folder: string) =>
    existsSync(join(folder, 'rows'))
      ? readdirSync(join(folder, 'rows')).filter((name) => name.endsWith('.parquet')).length
      : 0;
});

const KILLS = 10;

describe('a run killed at random moments', () => {
  const reference = join(base, 'small');
  beforeAll(() => expect(rankscope([...small(100), '--out', reference]).status).toBe(0));

  it('ends, continued as often as it takes, as one never stopped', { timeout: 300_000 }, async () => {
    const stream = createStream(7, 'kills');
    const uniform = () => nextWord(stream) / 2 ** 32;
    let kills = 0;
    for (let count = 0; kills < KILLS; count++) {
      const folder = join(base, `random-${count}`);
      let resumed = 0;
      let done = 0;
      for (let code: number | null = null; code !== 0;) {
        const before = changed(folder);
        const running = startRankscope([...small(100), '--resume', '--out', folder]);
        if (kills < KILLS) {
          // some while the program starts, the others when it is at work
          const starting = uniform() < 0.15;
          while (!starting && running.exitCode === null && changed(folder) === before) await pause(5);
          await pause(starting ? 600 * uniform() : 700 * uniform() ** 2);
          if (running.kill('SIGKILL')) kills++;
        }
        code = await exitOf(running);
        if (!existsSync(join(folder, 'run.json'))) continue;
        const manifest = manifestOf(folder);
        expect(manifest.layers.done).toBeGreaterThanOrEqual(done);
        expect(manifest.times.resumed).toBeGreaterThanOrEqual(resumed);
        ({ resumed } = manifest.times);
        ({ done } = manifest.layers);
      }
      await expectSame(folder, reference);
    }
  });

  const changed = (folder: string) => {
    const path = join(folder, 'run.json');
    return existsSync(path) ? statSync(path).mtimeMs : 0;
  };
});

/** Runs up to two of the jobs at a time. */
async function inPairs<T>(items: readonly T[], job: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await job(item);
  };
  await Promise.all([worker(), worker()]);
}
