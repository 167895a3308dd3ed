import { setImmediate } from 'node:timers/promises'
import type { Engine } from '../../engines/engine.js'
import { noiseValues } from './noise.js'
import { exactScore, type Scorer, scoreImages } from './scorer.js'

/** Scorers, created on demand, since one of CIFAR's size takes 38 MB. */
export interface Scorers {
  /** Values in an image. */
  readonly inputs: number
  readonly count: number
  create(index: number): Scorer
}

/**
 * Scores closer than this are computed again in double precision, so that labels do not depend on the engine's
 * rounding, which is below 1e-6.
 */
const tie = 2e-5

/** An image and the scorers that may be its best. */
interface Tie {
  readonly image: number
  readonly contenders: readonly number[]
}

/**
 * The label of each image: the index of the scorer with the highest score.
 *
 * @param images bytes of noise, `[images, inputs]`.
 * @param onProgress told 0..1.
 */
export async function labelImages(
  images: Uint8Array,
  scorers: Scorers,
  engine: Engine,
  onProgress: (fraction: number) => void,
): Promise<Uint8Array> {
  const { inputs } = scorers
  const count = images.length / inputs
  const fill = (from: number, length: number, batch: Float32Array): void =>
    noiseValues(images.subarray(from * inputs, (from + length) * inputs), batch)
  const scores: Float32Array[] = []
  for (let index = 0; index < scorers.count; index++) {
    scores.push(scoreImages(scorers.create(index), engine, count, fill))
    onProgress((index + 1) / scorers.count)
    // Yields, so that signals and the progress line are handled.
    await setImmediate()
  }
  const labels = new Uint8Array(count)
  const ties: Tie[] = []
  for (let image = 0; image < count; image++) {
    const highest = Math.max(...scores.map((of) => of[image] as number))
    const contenders = scores.flatMap((of, index) => ((of[image] as number) >= highest - tie ? [index] : []))
    labels[image] = contenders[0] as number
    if (contenders.length > 1) ties.push({ image, contenders })
  }
  settle(ties, images, scorers, labels)
  return labels
}

/** Labels the images of ties by exact scores. */
function settle(
  ties: readonly Tie[],
  images: Uint8Array,
  { inputs, count, create }: Scorers,
  labels: Uint8Array,
): void {
  const values = new Float32Array(inputs)
  const highest = ties.map(() => -Infinity)
  for (let index = 0; index < count; index++) {
    if (!ties.some(({ contenders }) => contenders.includes(index))) continue
    const scorer = create(index)
    for (const [i, { image, contenders }] of ties.entries()) {
      if (!contenders.includes(index)) continue
      noiseValues(images.subarray(image * inputs, (image + 1) * inputs), values)
      const score = exactScore(scorer, values)
      if (score <= (highest[i] as number)) continue
      highest[i] = score
      labels[image] = index
    }
  }
}
