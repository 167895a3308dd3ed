import { emptyMaps, type FeatureMaps, outputSize, type Window } from './feature-maps.js'

export interface AveragePool extends Window {
  /** Whether zeros of the padding count as values. */
  readonly countsPadding: boolean
}

/** The mean of each window; dilations are 1. */
export function averagePool(input: FeatureMaps, pool: AveragePool): FeatureMaps {
  const { channels, count, height, values, width } = input
  const { countsPadding, kernel, pads, strides } = pool
  const [rows, across] = outputSize(input, pool)
  const output = emptyMaps(count, channels, rows, across)
  let to = 0
  for (let plane = 0; plane < count * channels; plane++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < across; column++) {
        let sum = 0
        let seen = 0
        for (let i = 0; i < kernel[0]; i++) {
          const y = row * strides[0] + i - pads.top
          if (y < 0 || y >= height) continue
          for (let j = 0; j < kernel[1]; j++) {
            const x = column * strides[1] + j - pads.left
            if (x < 0 || x >= width) continue
            sum += values[(plane * height + y) * width + x] as number
            seen++
          }
        }
        output.values[to++] = sum / (countsPadding ? kernel[0] * kernel[1] : seen)
      }
    }
  }
  return output
}

/** The mean of each plane, as maps of one pixel. */
export function globalAveragePool({ channels, count, height, values, width }: FeatureMaps): FeatureMaps {
  const pixels = height * width
  const output = emptyMaps(count, channels, 1, 1)
  for (let plane = 0; plane < count * channels; plane++) {
    let sum = 0
    for (let i = plane * pixels; i < (plane + 1) * pixels; i++) sum += values[i] as number
    output.values[plane] = sum / pixels
  }
  return output
}
