import { createRequire } from 'node:module';
import { firstOf } from '../../lookups.js';
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import type { Figure } from './figure.js';
import { visualParts } from './fonts/bidi-runs.js';
import { builtInFace, builtInFaces } from './fonts/built-in-fonts.js';
import { readTexts, type DrawnText } from './fonts/drawing-texts.js';
import type { FontFace } from './fonts/font-face.js';
import { textRuns, type TextRun } from './fonts/text-runs.js';
import { escapeXml } from './fonts/escape-xml.js';

interface SvgToPdfOptions {
  readonly width: number;
  readonly height: number;
  readonly assumePt: boolean;
  readonly fontCallback: (family: string, bold: boolean) => string;
  readonly warningCallback: (warning: string) => void;
}

type SvgToPdf = (document: object, svg: string, x: number, y: number, options: SvgToPdfOptions) => void;

/**
 * Returns an SVG drawing as a PDF of one page, cut to the figure. It is made of vectors, with text that can be selected
 * and searched, and its font inside. A pixel of the drawing is a point. The same figure gives the same bytes: its date
 * is SOURCE_DATE_EPOCH (reproducible-builds.org/specs/source-date-epoch), else the beginning of 1970.
 */
export async function svgToPdf(svg: string, figure: Pick<Figure, 'title' | 'description'>): Promise<Buffer> {
  const convert = createRequire(import.meta.url)('svg-to-pdfkit') as SvgToPdf;
  const [width, height] = svgSize(svg);
  const document = new PDFDocument({
    size: [width, height],
    margin: 0,
    lang: 'en',
    displayTitle: true,
    info: {
      Title: figure.title,
      Subject: figure.description,
      Creator: 'rankscope',
      CreationDate: documentDate(),
    },
  });
  const faces = new Map(builtInFaces().map((face) => [face.postscriptName, face]));
  const drawing = readTexts(svg, ({ lines }, element) => nameFaces(element, lines, faces));
  for (const { postscriptName, path, collected } of faces.values())
    document.registerFont(postscriptName, path, collected ? postscriptName : undefined);
  for (const name of faces.keys()) keepMarks(document.font(name));
  const whole = buffer(document);
  // PDF knows no dash of length 0: a solid line is one without a pattern.
  convert(document, drawing.replaceAll(' stroke-dasharray="1,0"', ''), 0, 0, {
    width,
    height,
    assumePt: true,
    fontCallback: (family, bold) =>
      faces.has(family) ? family : builtInFace(bold ? 600 : 400).postscriptName,
    warningCallback: (warning) => {
      throw new Error(`the figure cannot be drawn as PDF: ${warning}`);
    },
  });
  document.end();
  return whole;
}

/**
 * Names the face of each run of a text, and puts the runs in visual order. PDF takes neither from the text. A text that
 * is all in the figures' own font stays as it is.
 */
function nameFaces(element: string, lines: readonly DrawnText[], faces: Map<string, FontFace>): string {
  const runs = lines.map(({ text, family, weight }) =>
    visualParts(text).flatMap((part) => textRuns(part, family, weight)),
  );
  if (runs.flat().every(({ face }) => face === builtInFace(firstOf(lines).weight))) return element;
  for (const { face } of runs.flat()) faces.set(face.postscriptName, face);
  const span = ({ face, text }: TextRun) =>
    `<tspan font-family="${escapeXml(face.postscriptName)}">${escapeXml(text)}</tspan>`;
  let line = 0;
  return element.replace(/>[^<>]+</g, () => `>${runs[line++]!.map(span).join('')}<`);
}

interface Position {
  readonly advanceWidth: number;
}

/** Gives a width to marks that stand over the letter before them. svg-to-pdfkit leaves out glyphs without one. */
function keepMarks(document: object): void {
  const { _font: font } = document as { _font: { encode: (text: string) => [string[], Position[]] } };
  const encode = font.encode.bind(font);
  font.encode = (text) => {
    const [glyphs, positions] = encode(text);
    return [glyphs, positions.map((it) => (it.advanceWidth === 0 ? { ...it, advanceWidth: 1e-6 } : it))];
  };
}

function documentDate(): Date {
  const fixed = process.env['SOURCE_DATE_EPOCH'];
  return fixed !== undefined && /^\d+$/.test(fixed) ? new Date(Number(fixed) * 1000) : new Date(0);
}

function svgSize(svg: string): [number, number] {
  const opening = svg.slice(svg.indexOf('<svg'), svg.indexOf('>', svg.indexOf('<svg')));
  const [width = NaN, height = NaN] = ['width', 'height'].map((name) =>
    Number(new RegExp(` ${name}="([\\d.]+)"`).exec(opening)?.[1]),
  );
  if (!(width > 0 && height > 0)) throw new Error(`the drawing has no size: ${opening}`);
  return [width, height];
}
