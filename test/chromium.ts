import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Whether there is a Chromium to test with. */
export const chromiumFound = existsSync(path);

/** Says what is not tested where there is no Chromium. */
export function warnWithoutChromium(untested: string): void {
  if (!chromiumFound) console.warn(`No Chromium at ${path}: ${untested}. Set CHROMIUM_PATH to one.`);
}

/** Starts a Chromium without windows. */
export function startChromium(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
  return chromium.launch({ executablePath: path, args });
}
