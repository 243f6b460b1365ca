/**
 * Returns an SVG drawing with one element per line and numbers to a tenth of a pixel. Invisible parts are left out:
 * words for screen readers, the cells that catch the pointer, the font inside.
 */
export function normalisedSvg(svg: string): string {
  return `${svg
    .replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10 || 0))
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/ aria-[a-z]+="[^"]*"/g, '')
    .replace(/<g class="[^"]*_voronoi"[^>]*>.*?<\/g>/gs, '')
    .replaceAll('><', '>\n<')}\n`;
}
