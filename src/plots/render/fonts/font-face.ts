import { readFileSync } from 'node:fs';
import * as fontkit from 'fontkit';
import type { Font } from 'fontkit';

/** A face that figures are set in. */
export interface FontFace {
  /** The family as figures name it. */
  readonly family: string;
  readonly weight: number;
  /** The file, for programs that read fonts by path. */
  readonly path: string;
  /** The name PDF files know the face by, and that picks it in a collection. */
  readonly postscriptName: string;
  readonly embeddable: boolean;
  /** Whether the file holds several faces, of which one has to be named. */
  readonly collected: boolean;
  readonly font: Font;
}

const opened = new Map<string, FontFace>();

/** Returns the face with its font, which is read once. */
export function openFace(face: Omit<FontFace, 'font' | 'collected'>): FontFace {
  const key = `${face.path}\n${face.postscriptName}`;
  let known = opened.get(key);
  if (!known) {
    const file = readFileSync(face.path);
    const collected = file.toString('latin1', 0, 4) === 'ttcf';
    // with a name, fontkit looks for a face of a collection, but in a single font for a variation
    const font = fontkit.create(file, collected ? face.postscriptName : undefined) as Font | null;
    if (!font) throw new Error(`${face.path} has no face ${face.postscriptName}`);
    const { family, weight, path, postscriptName, embeddable } = face;
    known = { family, weight, path, postscriptName, embeddable, collected, font };
    opened.set(key, known);
  }
  return known;
}
