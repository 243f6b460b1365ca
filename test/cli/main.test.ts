import { spawnSync, type StdioOptions } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complete } from '../../src/cli/complete.js';
import { commands } from '../../src/cli/commands.js';
import { rankscope, rankscopeInTurn } from './rankscope.js';

const names = commands.map(({ name }) => name);

describe('rankscope', () => {
  it('explains itself in every way a person asks', () => {
    const [bare, ...same] = rankscopeInTurn([[], ['help'], ['-h'], ['--help']]);
    for (const name of names) expect(bare!.stdout).toContain(`\n  ${name} `);
    for (const result of [bare!, ...same]) expect(result).toEqual({ ...bare, stderr: '', status: 0 });
    const versions = rankscopeInTurn([['-v'], ['version'], ['--version'], ['rank', '--version']]);
    for (const { stdout } of versions) expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('explains every command in 80 columns', () => {
    const pages = rankscopeInTurn(
      names.flatMap((name) => [
        ['help', name],
        [name, '-h'],
      ]),
    );
    for (const [i, { stdout, status }] of pages.entries()) {
      expect(status).toBe(0);
      expect(stdout).toMatch(new RegExp(`^rankscope ${names[i >> 1]}\\b`));
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });

  it.skipIf(!existsSync('/dev/full'))('says so where its output cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const main = join(__dirname, '../../dist/cli/main.js');
    const options = { stdio: ['ignore', full, 'pipe'] as StdioOptions, encoding: 'utf8' } as const;
    const { stderr, status } = spawnSync(process.execPath, [main, 'version'], options);
    closeSync(full);
    expect([stderr, status]).toEqual(['rankscope: output cannot be written: no space left\n', 1]);
  });

  it('names the command that a misspelt one resembles', () => {
    const { stderr, status } = rankscope(['help', 'nework']);
    expect(stderr).toMatch(/^rankscope: unknown command: nework \(near: network; allowed: curve, /);
    expect(status).toBe(1);
    // a value of a flag that has a command's name is no command
    expect(rankscope(['crve', '--out', 'rank']).stderr).toMatch(
      /^rankscope: unknown command: crve \(near: curve; /,
    );
    expect(rankscope(['--json', 'network', 'rexnet-1.0']).stdout).toMatch(/^\{/);
  });
});

describe('completion', () => {
  it.each([
    [['ne'], ['network']],
    [['help', 'ra'], ['rank']],
    [
      ['curve', '--blocks', 'pointwise,inv'],
      ['pointwise,inverted-conv3x3', 'pointwise,inverted-depthwise'],
    ],
    [
      ['curve', '--activations', 'hard'],
      ['hardSwish', 'hardSigmoid'],
    ],
    [['curve', '--block=conv'], ['--block=conv3x3']],
    [['curve', '--block', '=', 'conv'], ['conv3x3']],
    [['curve', '--short'], ['--shortcut']],
    [['rank', 'a.npy', '--tolerance', 'rel'], ['relative:']],
    [['rank', ''], []],
    [['network', 'rexnet-plain'], ['rexnet-plain-1.0']],
    [['latency', 'rexnet-1.0', 'efficientnet-b7'], ['efficientnet-b7']],
    [
      ['design', '--shape', ''],
      ['linear', 'stage', 'piecewise'],
    ],
  ])('of %j', async (words, expected) => {
    expect(await complete(commands, words)).toEqual(expected);
  });

  const folder = mkdtempSync(join(tmpdir(), 'rankscope-completion-'));

  it('works in bash by the script that it prints', () => {
    const program = join(folder, 'rankscope');
    writeFileSync(join(folder, 'script'), rankscope(['completion', 'bash']).stdout);
    const main = join(__dirname, '../../dist/cli/main.js');
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, { mode: 0o755 });
    const line = `source ${join(folder, 'script')}
COMP_WORDS=(rankscope curve --activations relu,sil); COMP_CWORD=3
_rankscope_yargs_completions; echo "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
    const { stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8', env });
    rmSync(folder, { recursive: true });
    expect({ stdout, stderr }).toEqual({ stdout: 'relu,silu\n', stderr: '' });
  });

  it('prints a script for zsh, and for no shell that it does not know', () => {
    expect(rankscope(['completion', 'zsh']).stdout).toMatch(/^#compdef rankscope\n/);
    expect(rankscope(['completion', 'fsh']).stderr).toMatch(/^rankscope: unknown shell: fsh \(/);
  });
});
