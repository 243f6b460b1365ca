/** An image as stored: red, green and blue of each pixel, row by row, from 0 to 255. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
