/** Pixels whose values lie side by side, `[height, width, perPixel]`, of which the first `channels` count. */
export interface PixelRows {
  readonly values: Uint8Array
  readonly perPixel: number
  readonly channels: 1 | 3
  readonly height: number
  readonly width: number
}
