import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  mergeRuns,
  readCumulativePoints,
  readManifest,
  readRows,
  readSpectrumPoints,
  readSummary,
  recountRun,
  runStudy,
  type StudyInput,
} from '../../../src/index.js';
import { drawRun } from '../../../src/figures.js';
import { writeNpy } from '../../../src/files/npy.js';
import { type Input, inputOf, readFolder } from '../input.js';
import type { Reader, Seed } from '../reader.js';
import { rewriteJsonFiles } from './networks.js';

/** A study of few small layers. */
export const study: StudyInput = {
  blocks: ['pointwise', 'inverted-depthwise'],
  activations: ['relu', 'silu'],
  ratios: [0.5, 1],
  layers: 2,
  taps: ['expand', 'output'],
  spectra: true,
  protocol: { channels: '4:8', tolerances: ['numpy', 'relative:0.1'] },
};

/** Carries the study out into a folder, or a part of it; its record says nothing that another time changes. */
async function run(folder: string, options: { shard?: string; stopAfter?: number } = {}): Promise<void> {
  const { shard, stopAfter = Infinity } = options;
  const stop = new AbortController();
  await runStudy(study, {
    ...{ out: folder, workers: 0, partSeconds: 0, signal: stop.signal },
    ...(shard !== undefined && { shard }),
    onProgress: ({ done }) => done >= stopAfter && stop.abort(),
  });
  const path = join(folder, 'run.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { times: object; machine: object };
  const times = { ...manifest.times, started: '2000-01-01T00:00:00.000Z', seconds: 1 };
  const settled = {
    ...times,
    ...('finished' in times && times.finished !== null && { finished: times.started }),
  };
  await writeFile(path, `${JSON.stringify({ ...manifest, times: settled }, null, 2)}\n`);
}

let made: Promise<Record<'whole' | 'cut' | 'parts', Input['files']>> | undefined;

/** Returns the files of a complete run, of one that was stopped, and of two parts that make one. */
export function runFiles() {
  return (made ??= (async () => {
    const { mkdtemp, rm } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const base = await mkdtemp(join(tmpdir(), 'rankscope-fuzz-runs-'));
    const files = async (...names: string[]) => {
      const all = [];
      for (const name of names) all.push(...(await readFolder(base, name)));
      return new Map([...all, ['notes.txt', new TextEncoder().encode("a file of the person's own")]]);
    };
    try {
      await run(join(base, 'run'));
      const whole = await files('run');
      await run(join(base, 'cut'), { stopAfter: 8 });
      const cut = await files('cut');
      for (const i of [1, 2]) await run(join(base, `part-${i}`), { shard: `${i}/2` });
      return { whole, cut, parts: await files('part-1', 'part-2') };
    } finally {
      await rm(base, { recursive: true, force: true });
    }
  })());
}

const seedOf = (kind: 'whole' | 'cut' | 'parts') => async (): Promise<Seed[]> => [
  { input: { files: (await runFiles())[kind], words: [] } },
];

/** Returns all rows of a run as plain data. */
async function rowsOf(folder: string): Promise<unknown> {
  const rows = [];
  for await (const some of readRows(folder)) rows.push(...some);
  return JSON.parse(
    JSON.stringify(rows, (_, value: unknown) =>
      ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value,
    ),
  );
}

/** What a run keeps beside its record, which a person may edit, and the notes, which nobody reads. */
const isProtected = (path: string) => !path.endsWith('run.json');

const svg = { formats: ['svg'] } as const;

/** A study whose inputs are a file of a person's own, one sample per row. */
const ownInputs: StudyInput = {
  ...{ blocks: ['pointwise'], activations: ['relu'], ratios: [0.5], layers: 1 },
  protocol: { channels: '4:4', samples: '6', inputs: 'file:inputs.npy' },
};

export const runReaders: readonly Reader[] = [
  {
    name: 'run-own-inputs',
    seeds: () =>
      [new Float32Array(96), new Float64Array(96)].map((data) => {
        const filled = data.map((_, i) => Math.sin(i * i));
        return { input: inputOf({ 'inputs.npy': writeNpy({ data: filled, shape: [12, 8] }) }) };
      }),
    read: async () => {
      await runStudy(ownInputs, { out: 'out', workers: 0 });
      return rowsOf('out');
    },
  },
  {
    name: 'run-json',
    seeds: seedOf('whole'),
    read: async () => {
      const { times: _, ...manifest } = await readManifest('run');
      return manifest;
    },
    rewrite: rewriteJsonFiles,
  },
  { name: 'run-summary', seeds: seedOf('whole'), read: () => readSummary('run'), isProtected },
  { name: 'run-rows', seeds: seedOf('whole'), read: () => rowsOf('run'), isProtected },
  {
    name: 'run-parts',
    seeds: seedOf('cut'),
    read: () => rowsOf('cut'),
    // a part that is gone leaves the others, which are whole
    isProtected: (path, { files }) => isProtected(path) && files.has(path),
  },
  {
    name: 'run-resume',
    seeds: seedOf('cut'),
    read: async () => {
      await runStudy(study, { out: 'cut', resume: true, workers: 0 });
      return rowsOf('cut');
    },
    rewrite: rewriteJsonFiles,
    isProtected,
    mayChange: (path) => path.startsWith('cut/'),
  },
  {
    name: 'run-merge',
    seeds: seedOf('parts'),
    read: async () => {
      await mergeRuns(['part-1', 'part-2'], { out: 'out' });
      return rowsOf('out');
    },
    rewrite: rewriteJsonFiles,
    isProtected,
  },
  {
    name: 'run-recount',
    seeds: seedOf('whole'),
    read: async () => {
      await recountRun('run', ['relative:0.01'], { out: 'out' });
      return rowsOf('out');
    },
    rewrite: rewriteJsonFiles,
    isProtected,
  },
  {
    name: 'run-plot',
    seeds: seedOf('whole'),
    read: async () => {
      const paths = await drawRun('run', svg);
      const points = [await readSpectrumPoints('run'), await readCumulativePoints('run')];
      return { paths, points: JSON.stringify(points) };
    },
    rewrite: rewriteJsonFiles,
    isProtected,
  },
];

export const studyFile = inputOf({ 'study.json': JSON.stringify(study) });
