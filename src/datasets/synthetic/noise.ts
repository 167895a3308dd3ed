import type { Rng } from '../../platform/rng.js'
import type { Dataset } from '../dataset.js'

/** Bytes per standard deviation of the noise; 256 values cover 4 standard deviations to either side. */
const resolution = 32

/** The scale of noise bytes, as in `RawImages.scale`: byte b is `(b - 127.5) / 32`. */
export const noiseScale: Dataset['normalisation'] = {
  mean: [0.5, 0.5, 0.5],
  std: [resolution / 255, resolution / 255, resolution / 255],
}

/** Fills `bytes` with standard normal numbers: each the byte in whose 32nd of a standard deviation it lies. */
export function drawNoise(rng: Rng, bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Math.min(255, Math.max(0, Math.floor(resolution * rng.normal() + 128)))
  }
}

/** The values of noise bytes. */
export function noiseValues(bytes: Uint8Array, values: Float32Array): void {
  for (let i = 0; i < bytes.length; i++) values[i] = ((bytes[i] as number) - 127.5) / resolution
}
