import type { FigureSize } from './figure.js';

/**
 * Returns an SVG drawing in the requested size. It is scaled, and paper is added on the right and at the foot up to the
 * width and height. A drawing that is larger even so is scaled down until it fits.
 */
export function fitDrawing(svg: string, size: FigureSize | undefined): string {
  if (size === undefined) return svg;
  const end = svg.indexOf('>', svg.indexOf('<svg')) + 1;
  const opening = svg.slice(0, end);
  const [natural, high] = [sideOf(opening, 'width'), sideOf(opening, 'height')];
  const scale = Math.min(size.scale, (size.width ?? Infinity) / natural, (size.height ?? Infinity) / high);
  const width = size.width ?? round(natural * scale);
  const height = size.height ?? round(high * scale);
  const [layoutWidth, layoutHeight] = [round(width / scale), round(height / scale)];
  const fitted = opening
    .replace(/ width="[\d.]+"/, ` width="${width}"`)
    .replace(/ height="[\d.]+"/, ` height="${height}"`)
    .replace(/ viewBox="[^"]*"/, ` viewBox="0 0 ${layoutWidth} ${layoutHeight}"`);
  // the first rectangle is the paper
  const rest = svg
    .slice(end)
    .replace(/<rect width="[\d.]+" height="[\d.]+"/, `<rect width="${layoutWidth}" height="${layoutHeight}"`);
  return fitted + rest;
}

function sideOf(opening: string, side: string): number {
  const value = Number(new RegExp(` ${side}="([\\d.]+)"`).exec(opening)?.[1]);
  if (!(value > 0)) throw new Error(`the drawing has no ${side}: ${opening}`);
  return value;
}

const round = (value: number) => Number(value.toFixed(2));
