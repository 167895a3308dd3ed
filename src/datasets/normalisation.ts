import type { Dataset, Split } from './dataset.js'

/** Mean and population standard deviation of each channel's pixels, scaled to 0..1. */
export function channelStatistics(split: Split, channels: number): Dataset['normalisation'] {
  const pixelsPerPlane = split.pixels.length / (split.count * channels)
  const mean: number[] = []
  const std: number[] = []
  for (let channel = 0; channel < channels; channel++) {
    // Counting bytes first keeps the sums exact for any number of images.
    const counts = new Float64Array(256)
    for (let image = 0; image < split.count; image++) {
      const start = (image * channels + channel) * pixelsPerPlane
      for (let i = start; i < start + pixelsPerPlane; i++) {
        const value = split.pixels[i] as number
        counts[value] = (counts[value] as number) + 1
      }
    }
    const total = split.count * pixelsPerPlane
    const average = counts.reduce((sum, count, value) => sum + count * value, 0) / total
    const variance = counts.reduce((sum, count, value) => sum + count * (value - average) ** 2, 0) / total
    mean.push(average / 255)
    std.push(Math.sqrt(variance) / 255)
  }
  return { mean, std }
}

/** The normalisation that only scales pixels to 0..1. */
export function unscaled(channels: number): Dataset['normalisation'] {
  return { mean: new Array<number>(channels).fill(0), std: new Array<number>(channels).fill(1) }
}
