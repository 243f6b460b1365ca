import { execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openImages } from '../../src/images/open-images.js';
import { fixture, folderOf } from './fixtures.js';

const image = fixture('colour.png');

describe.skipIf(process.platform === 'win32')('links in a folder of images', () => {
  const store = folderOf('store', { 'cat/1.png': image, 'cat/2.png': image });

  it('are followed, to files and to folders', async () => {
    const path = folderOf('links', { 'own.png': image });
    symlinkSync(join('..', 'store', 'cat', '1.png'), join(path, 'dog.png'));
    symlinkSync(join(store, 'cat'), join(path, 'cat'));
    const images = await openImages(path);
    expect([images.available, images.leftOut]).toEqual([4, undefined]);
    symlinkSync(path, join(store, '../whole'));
    expect((await openImages(join(store, '../whole'))).available).toBe(4);
  });

  it('enter each folder once, and none above', async () => {
    const path = folderOf('loops', { 'zoo/1.png': image });
    symlinkSync('.', join(path, 'self'));
    symlinkSync('..', join(path, 'zoo', 'up'));
    symlinkSync('/', join(path, 'root'));
    symlinkSync('zoo', join(path, 'again'));
    const images = await openImages(path);
    expect([images.available, images.leftOut]).toEqual([1, '4 links to folders read already']);
  });

  it('to nothing are broken images', async () => {
    const path = folderOf('dangling', { '1.png': image });
    symlinkSync('gone', join(path, 'class'));
    symlinkSync('circle.png', join(path, 'circle.png'));
    symlinkSync('gone.txt', join(path, 'notes.txt'));
    await expect(openImages(path)).rejects.toThrow(
      `invalid images: 2 of 3 in ${path} broken: ${join(path, 'circle.png')} (it is a link to circle.png: its symbolic links lead in a circle), ${join(path, 'class')} (it is a link to gone: no such file or folder)`,
    );
    const skipped: string[] = [];
    const onSkipped = (problems: readonly string[]) => skipped.push(...problems);
    const images = await openImages(path, { skipBroken: true, onSkipped });
    expect([images.available, images.leftOut, skipped.length]).toEqual([1, '1 .txt', 2]);
  });

  it('to what is no file are not opened', async () => {
    const path = folderOf('pipes', { '1.png': image });
    execFileSync('mkfifo', [join(path, '2.png')]);
    await expect(openImages(path)).rejects.toThrow('2.png (it is not a file)');
    await expect(openImages(join(path, '2.png'))).rejects.toThrow('(allowed: a folder or a file)');
  });

  it.skipIf(process.getuid?.() === 0)('unreadable folders are named', async () => {
    const path = folderOf('locked', { '1.png': image, 'zoo/2.png': image });
    chmodSync(join(path, 'zoo'), 0);
    await expect(openImages(path)).rejects.toThrow(`${join(path, 'zoo')} (permission denied)`);
    chmodSync(join(path, 'zoo'), 0o700);
  });
});
