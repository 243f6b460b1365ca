/** A text and the font it is to be set in. */
export interface FontText {
  readonly text: string;
  /** The list of CSS font families. */
  readonly family: string;
  /** The CSS font weight. */
  readonly weight: string;
}

/** A line of text in an SVG drawing, as it is set. */
export interface DrawnText extends FontText {
  /** In pixels. */
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  /** How far below the first line of its element it stands, in pixels. */
  readonly y: number;
}

/** A text element of an SVG drawing. */
export interface TextElement {
  readonly lines: readonly DrawnText[];
  /** As they stand in its tag, with a blank before them. */
  readonly attributes: string;
}

/** Returns the lines of text of a drawing that Vega made, in their order. */
export function drawingTexts(svg: string): DrawnText[] {
  const texts: DrawnText[] = [];
  readTexts(svg, ({ lines }, element) => {
    texts.push(...lines);
    return element;
  });
  return texts;
}

/** Returns a drawing that Vega made with each text element replaced by what `replace` returns. */
export function readTexts(svg: string, replace: (text: TextElement, element: string) => string): string {
  return svg.replace(
    /<text\b([^>]*)>([^]*?)<\/text>/g,
    (element: string, attributes: string, content: string) => {
      const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1];
      let y = 0;
      const lines = [...content.matchAll(/(?:<tspan([^>]*)>)?([^<>]+)/g)].map(([, place = '', text = '']) => {
        y += Number(/ dy="([^"]*)"/.exec(place)?.[1] ?? 0);
        return {
          text: unescapeXml(text),
          family: unescapeXml(attribute('font-family') ?? ''),
          weight: attribute('font-weight') ?? '400',
          size: Number.parseFloat(attribute('font-size') ?? '11'),
          anchor: (attribute('text-anchor') ?? 'start') as DrawnText['anchor'],
          y,
        };
      });
      return replace({ lines, attributes }, element);
    },
  );
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#x([\da-f]+)|#(\d+)|(lt|gt|quot|apos|amp));/gi,
    (_, hex?: string, decimal?: string, name?: string) =>
      name
        ? NAMED[name.toLowerCase()]!
        : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );
}
