import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { jsonMistake } from '../../src/files/json-mistake.js';
import { parseJson, readJson } from '../../src/files/parse-json.js';
import { decodeText, readText } from '../../src/files/read-text.js';
import { readTable } from '../../src/files/read-table.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const text = '{"Größe": "数 🙂"}\n';
const utf16 = Buffer.from(text, 'utf16le');
const swapped = Buffer.from(utf16).swap16();
const encodings: [string, Buffer][] = [
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16 LE, as Windows PowerShell writes', Buffer.concat([Buffer.of(0xff, 0xfe), utf16])],
  ['UTF-16 BE', Buffer.concat([Buffer.of(0xfe, 0xff), swapped])],
  ['UTF-16 LE without a mark', utf16],
  ['UTF-16 BE without a mark', swapped],
];

describe('decodeText', () => {
  it.each(encodings)('reads %s', (_, bytes) => {
    expect(decodeText(bytes, 'a.json')).toBe(text);
  });

  it('reads no bytes and one', () => {
    expect(decodeText(Buffer.alloc(0), 'a')).toBe('');
    expect(decodeText(Buffer.from('7'), 'a')).toBe('7');
  });

  it.each([
    [[0x61, 0x62, 0xe4, 0x63], /^invalid text encoding: a\.csv: byte 0x63 at offset 3 \(allowed: UTF-8 or/],
    [[0x61, 0xff], /^invalid text encoding: a\.csv: byte 0xff at offset 1 /],
    [[0x61, 0xc3], /^invalid text encoding: a\.csv: it ends within a character, after 2 bytes /],
    [[0xff, 0xfe, 0x61, 0, 0x62], /^invalid text encoding: a\.csv: it ends .* \(allowed: UTF-16LE\)$/],
    [[0xff, 0xfe, 0, 0xd8, 0x61, 0], /^invalid text encoding: a\.csv: byte 0x\w\w at offset \d /],
    [[0xff, 0xfe, 0, 0, 0x61, 0, 0, 0], /^invalid text encoding: a\.csv: UTF-32 /],
    [[0, 0, 0xfe, 0xff, 0, 0, 0, 0x61], /^invalid text encoding: a\.csv: UTF-32 /],
  ])('refuses %j with name and offset', (bytes, message) => {
    expect(() => decodeText(Uint8Array.from(bytes), 'a.csv')).toThrow(message);
  });

  it('finds the byte late in a large file', () => {
    const bytes = Buffer.alloc(3_000_001, 'ä');
    bytes[2_000_001] = 0x41;
    expect(() => decodeText(bytes, 'large')).toThrow(/byte 0x41 at offset 2000001 /);
  });
});

describe('readJson, readText, readTable', () => {
  it.each(encodings)('read %s', async (name, bytes) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, bytes);
    expect(await readText('file', path)).toBe(text);
    expect(await readJson('study file', path)).toEqual({ Größe: '数 🙂' });
    const table = join(folder, `${name}.csv`);
    writeFileSync(table, Buffer.from('\ufeffa_b,c\r\n1,x\r\n', name.includes('16 LE') ? 'utf16le' : 'utf8'));
    expect(await readTable(table)).toEqual([{ aB: 1, c: 'x' }]);
  });

  it('name what is missing', async () => {
    const path = join(folder, 'none.json');
    await expect(readJson('study file', path)).rejects.toThrow(/^missing study file: .*none\.json \(no such/);
  });
});

describe('parseJson', () => {
  it.each([
    ['', 'line 1, column 1: expected a value, found the end of the file'],
    ['{\n  "a": 1,\n}\n', 'line 3, column 1: expected a name in double quotes, found }'],
    ['{\r\n"a": 1\r\n"b": 2}', 'line 3, column 1: expected a comma or }, found "'],
    ['[1, 2', 'line 1, column 6: expected a comma or ], found the end of the file'],
    ['{"a": NaN}', 'line 1, column 7: expected a value, found NaN'],
    ['{"a": -Infinity}', 'line 1, column 7: expected a value, found -Infinity'],
    ['{"a": True}', 'line 1, column 7: expected a value, found True'],
    ['[01]', 'line 1, column 2: expected a value, found 01'],
    ['[1.]', 'line 1, column 2: expected a value, found 1.'],
    ["{'a': 1}", "line 1, column 2: expected a name in double quotes, found '"],
    ['{a: 1}', 'line 1, column 2: expected a name in double quotes, found a'],
    ['{"a" 1}', 'line 1, column 6: expected a colon, found 1'],
    ['{"a": 1} x', 'line 1, column 10: expected the end of the file, found x'],
    ['{} {}', 'line 1, column 4: expected the end of the file, found {'],
    ['["a\nb"]', 'line 1, column 4: expected a double quote, found the end of the line'],
    ['["a', 'line 1, column 4: expected a double quote, found the end of the file'],
    ['["C:\\Users"]', 'line 1, column 5: expected an escape such as \\n or \\\\, found \\'],
    ['[1]\u0000', 'line 1, column 4: expected the end of the file, found character 0x0'],
    ['\ufeff{}', 'line 1, column 1: expected a value, found character 0xfeff'],
    ['// c\n{}', 'line 1, column 1: expected a value, found /'],
    ['{"a": {"b": [{}, []], "c": tru}}', 'line 1, column 28: expected a value, found tru'],
  ])('says where %j is wrong', (json, place) => {
    expect(() => parseJson('study file', 'a.json', json)).toThrow(
      `invalid study file: a.json (allowed: JSON; ${place})`,
    );
  });

  it.each([
    ['{"a": 1, "b": {"a": 2}, "a": 3}', '"a"'],
    ['[{"c\\u0061t": 1, "cat": [{}, "cat"]}]', '"cat"'],
    ['{"__proto__": {}, "__proto__": {}}', '"__proto__"'],
  ])('refuses %j, of which JSON.parse keeps the last', (json, key) => {
    expect(() => parseJson('network file', 'a.json', json)).toThrow(
      `invalid network file: a.json (allowed: JSON whose objects have each key once; ${key} is there twice)`,
    );
  });

  it('finds a mistake in the texts that JSON.parse refuses, in every text cut short or with a character changed', () => {
    const whole =
      ' {"a": [1, -2.5e+3, "x\\u00e4\\n", {}, [], [[0]]],\n"b": {"c": null, "d": true}, "": false} ';
    const changed = [...'"\\{}[],:e.-+0 \nx'].flatMap((mark) =>
      Array.from(whole, (_, i) => whole.slice(0, i) + mark + whole.slice(i + 1)),
    );
    for (const text of [...Array.from(whole, (_, i) => whole.slice(0, i)), ...changed]) {
      let message = '';
      try {
        JSON.parse(text);
      } catch (error) {
        message = (error as Error).message;
      }
      const mistake = jsonMistake(text);
      expect([text, mistake !== undefined]).toEqual([text, message !== '']);
    }
    expect(jsonMistake(`${'['.repeat(1e5)}${']'.repeat(1e5)}`)).toBeUndefined();
    expect(jsonMistake(`"${'x\\n'.repeat(1e6)}`)).toMatchObject({ offset: 3e6 + 1 });
  });
});
