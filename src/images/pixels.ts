/** An image as it was stored: red, green and blue of each pixel side by side, row by row, 0 to 255. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
