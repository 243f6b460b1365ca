import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { writeNpy } from '../../src/files/npy.js';
import { openModel } from '../../src/formats/open-model.js';

const COUNT = 20;
const folder = mkdtempSync(join(tmpdir(), 'rankscope-spool-test-'));
const path = join(folder, 'packed.npz');
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  const entries = Array.from({ length: COUNT }, (_, i): [string, Uint8Array] => [
    `array${i}.npy`,
    writeNpy({ shape: [4, 3], data: new Float32Array(12).fill(i + 1) }),
  ]);
  writeFileSync(path, deflatedZip(entries));
});

const spooled = (pid: number | undefined) =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`rankscope-model-${pid}-`));

it('reads an archive of 20 compressed arrays with one listener, which goes with the last of them', async () => {
  const before = process.listenerCount('exit');
  const [one, other] = [await openModel(path), await openModel(path)];
  expect(process.listenerCount('exit')).toBe(before + 1);
  expect(spooled(process.pid)).toHaveLength(2 * COUNT);
  one.close();
  expect(process.listenerCount('exit')).toBe(before + 1);
  const read = await Promise.all(other.tensors.map(async (tensor) => Array.from(await tensor.read(0, 12))));
  expect(read).toEqual(Array.from({ length: COUNT }, (_, i) => new Array(12).fill(i + 1)));
  other.close();
  expect(process.listenerCount('exit')).toBe(before);
  expect(spooled(process.pid)).toEqual([]);
});

it('warns of nothing, and leaves no file behind where a program ends with the archive open', () => {
  const script =
    `import { openModel } from ${JSON.stringify(pathToFileURL(join(__dirname, '../../dist/index.js')).href)};` +
    `const file = await openModel(${JSON.stringify(path)}); console.log(file.tensors.length); process.exit(0);`;
  const { stdout, stderr, pid } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  expect([stdout, stderr]).toEqual([`${COUNT}\n`, '']);
  expect(spooled(pid)).toEqual([]);
});

it.skipIf(process.platform === 'win32')(
  'leaves no file behind where a signal ends a wait for input',
  async () => {
    const child = spawn(process.execPath, [join(__dirname, '../../dist/cli/main.js'), 'model', '-']);
    const ended = once(child, 'exit');
    child.stdin.write('PK');
    await vi.waitUntil(() => spooled(child.pid).length === 1, { timeout: 30_000 });
    child.kill('SIGINT');
    expect(await ended).toEqual([null, 'SIGINT']);
    expect(spooled(child.pid)).toEqual([]);
  },
  40_000,
);

it('says where it cannot write, and not that the archive is damaged', async () => {
  vi.stubEnv('TMPDIR', join(folder, 'gone'));
  await expect(openModel(path)).rejects.toThrow(
    /packed\.npz: invalid temporary folder: .*gone \(allowed: .*; no such file or folder; TMPDIR names another\)$/,
  );
  vi.unstubAllEnvs();
});

/** Returns a zip archive whose entries are deflated. */
function deflatedZip(entries: readonly (readonly [name: string, bytes: Uint8Array])[]): Buffer {
  const DEFLATED = 8;
  let at = 0;
  const [locals, directory]: [Buffer[], Buffer[]] = [[], []];
  for (const [name, bytes] of entries) {
    const [title, packed] = [Buffer.from(name), deflateRawSync(bytes)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version
    common.writeUInt16LE(DEFLATED, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(title.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, title, packed]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, rest, title]));
    locals.push(local);
    at += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, listed, end]);
}
