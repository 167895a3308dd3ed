/** Float32 `[count, channels, height, width]`, images outermost. */
export interface FeatureMaps {
  readonly count: number
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly values: Float32Array
}

export function emptyMaps(count: number, channels: number, height: number, width: number): FeatureMaps {
  return { count, channels, height, width, values: new Float32Array(count * channels * height * width) }
}

/** Of a window that moves over an image: what convolutions and pools have in common. Pairs are rows, columns. */
export interface Window {
  readonly kernel: readonly [rows: number, columns: number]
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
  readonly pads: { readonly top: number; readonly left: number; readonly bottom: number; readonly right: number }
}

/** The height and width of the result. */
export function outputSize({ height, width }: FeatureMaps, window: Window): readonly [height: number, width: number] {
  const { dilations, kernel, pads, strides } = window
  const along = (size: number, axis: 0 | 1, padding: number): number =>
    Math.floor((size + padding - dilations[axis] * (kernel[axis] - 1) - 1) / strides[axis]) + 1
  return [along(height, 0, pads.top + pads.bottom), along(width, 1, pads.left + pads.right)]
}
