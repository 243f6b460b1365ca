import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const text = readFileSync('docs/architecture.md', 'utf8');
const drawing = /```\n(statistics [^`]*)```/.exec(text)![1]!;
/** The line of each room in the drawing. */
const lines = new Map(
  drawing
    .trim()
    .split('\n')
    .flatMap((line, i) =>
      Array.from(line.replace(/\(.*?\)/, '').matchAll(/\w+/g), ([room]) => [room, i] as const),
    ),
);

interface Zone {
  readonly target: string;
  readonly except: readonly string[];
}

interface Block {
  readonly rules?: Readonly<Record<string, unknown>> | undefined;
}

/** Returns the zones of the lint table. */
async function readZones(): Promise<readonly Zone[]> {
  const path: string = '../../eslint.config.mjs'; // a variable, since the file has no types
  const { default: config } = (await import(path)) as { default: readonly Block[] };
  return config.flatMap(({ rules }) => {
    const rule = rules?.['import-x/no-restricted-paths'] as [string, { zones: Zone[] }] | undefined;
    return rule?.[1].zones ?? [];
  });
}

describe('the drawing of docs/architecture.md', () => {
  it('has the rooms of src/, each with its line in the list of rooms', () => {
    const rooms = readdirSync('src', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect([...lines.keys()].sort()).toEqual(rooms.sort());
    expect(rooms.filter((room) => !text.includes(`\n  ${room}/`))).toEqual([]);
  });

  it('has what a room may import above it', async () => {
    const zones = await readZones();
    expect(zones.length).toBeGreaterThan(lines.size);
    const wrong = zones.flatMap(({ target, except }) => {
      const room = target.replace('./src/', '');
      const imported = except.flatMap((path) => /^\.\/(\w+)\/$/.exec(path)?.[1] ?? []);
      return imported
        .filter((other) => other !== room && lines.has(room) && lines.get(other)! >= lines.get(room)!)
        .map((other) => `${room} imports ${other}`);
    });
    expect(wrong).toEqual([]);
  });
});
