import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStream, nextWord } from '../../../src/random/stream.js';
import { runStudy } from '../../../src/runs/run-study.js';
import type { StudyInput } from '../../../src/study/study.js';
import { exitOf, expectSame, manifestOf, pause, small, tiny } from './interrupted.js';
import { rankscope, startRankscope } from '../rankscope.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-kill-'));
afterAll(() => rmSync(base, { recursive: true }));

/**
 * The number of kills: a few by default, at other moments each time. RANKSCOPE_KILLS=100 is a long run, which also goes
 * through all the changes of a folder. A failure names its moments.
 */
const given = process.env.RANKSCOPE_KILLS;
const KILLS = given === undefined ? 3 : Number(given);
const seed = Date.now() % 2 ** 32;

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
    const all = Array.from({ length: changes }, (_, i) => i + 1);
    const moments = given === undefined ? someOf(all, 6) : all;
    await inPairs(moments, async (at) => {
      const folder = join(base, `at-${at}`);
      const { env } = killing(folder, at);
      const killed = startRankscope([...tiny, '--out', folder], { env });
      const [stderr] = await Promise.all([text(killed.stderr!), once(killed, 'exit')]);
      const how = `change ${at} of ${changes}, exit code ${killed.exitCode}: ${stderr}`;
      expect(killed.signalCode, how).toBe('SIGKILL');
      const left = existsSync(folder) ? wholeParts(folder) : 0;

      // every fourth is killed once more while it is continued
      if (at % 4 === 0) {
        const again = startRankscope([...tiny, '--resume', '--out', folder], killing(folder, (at % 7) + 8));
        await once(again, 'exit');
        if (existsSync(join(folder, 'rows'))) expect(wholeParts(folder)).toBeGreaterThanOrEqual(left);
      }
    });
    // one after another: the tensor backend is one for the whole process
    for (const at of moments) {
      const folder = join(base, `at-${at}`);
      await runStudy(study, { out: folder, resume: true, workers: 0 });
      await same(folder, reference, `killed before change ${at} of ${changes}`);
    }
  });

  const wholeParts = (folder: string) =>
    existsSync(join(folder, 'rows'))
      ? readdirSync(join(folder, 'rows')).filter((name) => name.endsWith('.parquet')).length
      : 0;
});

describe('a run killed at random moments', () => {
  const reference = join(base, 'small');
  beforeAll(() => expect(rankscope([...small(100), '--out', reference]).status).toBe(0));

  it('ends, continued as often as it takes, as one never stopped', { timeout: 300_000 }, async () => {
    const stream = createStream(seed, 'kills');
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
      await same(folder, reference, `killed at random moments of seed ${seed}, run ${count}`);
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

/** Returns so many of the items, spread: one of each of as many pieces of the list, drawn at random. */
function someOf<T>(items: readonly T[], count: number): T[] {
  const stream = createStream(seed, 'moments');
  return Array.from({ length: count }, (_, i) => {
    const place = i + nextWord(stream) / 2 ** 32;
    return items[Math.floor((place * items.length) / count)]!;
  });
}

/** As `expectSame`; a failure says how the run was killed. */
async function same(folder: string, reference: string, how: string): Promise<void> {
  try {
    await expectSame(folder, reference);
  } catch (error) {
    throw new Error(`${how}: ${(error as Error).message}`, { cause: error });
  }
}
