import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import type { Figure } from './figure.js';
import { fontFace, fontFaces } from './fonts.js';

interface SvgToPdfOptions {
  readonly width: number;
  readonly height: number;
  readonly assumePt: boolean;
  readonly fontCallback: (family: string, bold: boolean) => string;
  readonly warningCallback: (warning: string) => void;
}

type SvgToPdf = (document: object, svg: string, x: number, y: number, options: SvgToPdfOptions) => void;

/**
 * Returns an SVG drawing as a PDF of one page, cut to the figure: vectors, and text that can be selected and
 * searched, its font inside. A pixel of the drawing is a point. The same figure gives the same bytes: its date
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
  for (const face of fontFaces()) document.registerFont(face.postscriptName, face.path);
  const whole = buffer(document);
  // PDF knows no dash of length 0: a solid line is one without a pattern.
  convert(document, svg.replaceAll(' stroke-dasharray="1,0"', ''), 0, 0, {
    width,
    height,
    assumePt: true,
    fontCallback: (_family, bold) => fontFace(bold ? 600 : 400).postscriptName,
    warningCallback: (warning) => {
      throw new Error(`the figure cannot be drawn as PDF: ${warning}`);
    },
  });
  document.end();
  return whole;
}

function documentDate(): Date {
  const fixed = process.env['SOURCE_DATE_EPOCH'];
  return fixed !== undefined && /^\d+$/.test(fixed) ? new Date(Number(fixed) * 1000) : new Date(0);
}

function svgSize(svg: string): [number, number] {
  const opening = svg.slice(svg.indexOf('<svg'), svg.indexOf('>', svg.indexOf('<svg')));
  const size = ['width', 'height'].map((name) =>
    Number(new RegExp(` ${name}="([\\d.]+)"`).exec(opening)?.[1]),
  );
  if (size.some((value) => !(value > 0))) throw new Error(`the drawing has no size: ${opening}`);
  return [size[0]!, size[1]!];
}
