/**
 * Returns a drawing without elements and attributes that have no effect. It leaves out empty and transparent elements,
 * attributes that are the default, and the names of single marks, which the role `img` of the whole hides from screen
 * readers. Coordinates are rounded to two decimals, and the font that most texts have is said once.
 */
export function compactSvg(svg: string): string {
  const seen = svg
    .replace(/<g class="[^"]*_voronoi"[^>]*>.*?<\/g>/gs, '') // cells that catch the pointer
    .replace(/<text\b[^>]*\/>|<path\b[^>]* d=""[^>]*\/>|<\w+\b[^>]* opacity="0"[^>]*\/>/g, '');
  return commonFont(seen.replace(/<\w[^>]*>/g, compactTag));
}

const DEFAULTS =
  / (?:opacity="1"|font-weight="400"|stroke-width="1"|stroke-dasharray="1,0"|text-anchor="start"|[xy]2="0")(?=[ />])/g;

function compactTag(tag: string): string {
  const short = tag
    .replace(/ (?:aria-[a-z]+|role|class|pointer-events)="[^"]*"/g, '')
    .replace(DEFAULTS, '')
    .replace(
      /"rgb\((\d+), ?(\d+), ?(\d+)\)"/g,
      (_, ...rgb: string[]) => `"#${rgb.slice(0, 3).map(hex).join('')}"`,
    )
    .replace(
      / (d|transform|x|y|x1|y1|x2|y2|width|height)="([^"]*)"/g,
      (attribute: string, name: string, value: string) =>
        value.includes('scale(') ? attribute : ` ${name}="${rounded(value)}"`,
    );
  return / stroke="/.test(short) ? short : short.replace(/ stroke-width="[^"]*"/, '');
}

const hex = (value: string) => Number(value).toString(16).padStart(2, '0');

function rounded(numbers: string): string {
  return numbers.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (text) => String(Number(Number(text).toFixed(2)) + 0));
}

/** Moves the family of the first text to the root: texts inherit it. */
function commonFont(svg: string): string {
  const family = /<text\b[^>]* (font-family="[^"]*")/.exec(svg)?.[1];
  if (family === undefined) return svg;
  return svg
    .replace(/<text\b[^>]*>/g, (tag) => tag.replace(` ${family}`, ''))
    .replace('<svg ', `<svg ${family} `);
}
