import path from 'node:path'
import type { Engine } from '../../engines/engine.js'
import { loadEngine } from '../../engines/registry.js'
import { cacheFolder } from '../../platform/cache-folder.js'
import { cachedImages } from '../image-cache.js'
import type { LoadHooks, RawImages, WantedImages } from '../raw-images.js'
import { drawLabelled } from './draw-labelled.js'
import { noiseScale } from './noise.js'

const name = 'synthetic-cifar10'
const classes = 10
const channels = 3
const side = 32
const trainPerClass = 5000
const testPerClass = 1000
/** The authors draw a million images to get 6,000 per class. */
const drawsPerKept = 1_000_000 / (trainPerClass + testPerClass)
/** Seed of the data set, not of a run: all runs use the same images. See `loadSyntheticCifar10` for the choice. */
const seed = 32
/** Raise it if the images change, so that older caches are rebuilt. */
const version = 1

/**
 * Synthetic CIFAR-10 of FEAR's authors (scripts/datasets/synthetic_gen/gen_synthetic_dataset.py in microsoft/archai at
 * 818292bd): images of standard normal noise of CIFAR-10's shape, whose label is which of ten random networks, each
 * Linear(3072 -> 3072), ReLU, Linear(3072 -> 1) as PyTorch initialises them, gives the highest score. The requested
 * number of every class is kept, up to 5,000 for training and 1,000 for testing.
 *
 * Differences from the authors: the random numbers are our own, so these are not their images; test images have a
 * separate stream, so that they do not depend on the number of training images; only the images in use are generated;
 * and each value is rounded to a 32nd of a standard deviation (and to 4 of them), since images are bytes here. The
 * label is that of the image as it is kept.
 *
 * A draw takes 94 million multiplications, and the rarest class decides how many draws there are. Its share depends on
 * the seed: for 1 to 64 the median is 0.6 %, and 42, the authors' seed, gives 0.3 % with our random numbers, too little
 * for their million draws. Seed 32 has the largest share, 4 %. The images are cached.
 */
export async function loadSyntheticCifar10(
  wanted: Pick<WantedImages, 'train' | 'test'>,
  { onProgress, clock }: LoadHooks,
): Promise<RawImages> {
  const train = Math.min(trainPerClass, Math.ceil((wanted.train || Infinity) / classes))
  const test = Math.min(testPerClass, Math.ceil((wanted.test || Infinity) / classes))
  const source = `${name}, version ${version}, seed ${seed}, ${train} + ${test} a class`
  const file = path.join(cacheFolder(), `${name}-${train}-${test}.bin`)
  const made = await cachedImages(file, source, async () => {
    const startedAt = clock?.now()
    const engine = await scoringEngine()
    const draw = (split: 'train' | 'test', perClass: number) => {
      const mostDraws = Math.ceil(drawsPerKept * perClass) + 1000
      return drawLabelled(
        { name, seed, split, inputs: channels * side * side, classes, perClass, mostDraws },
        engine,
        ({ drawn, fewest }) =>
          onProgress?.(
            ((split === 'test' ? train : 0) + fewest) / (train + test),
            `making ${name}, once: ${drawn} ${split} images drawn, ${fewest} of ${perClass} of the rarest class`,
          ),
      )
    }
    const images: RawImages = {
      classNames: Array.from({ length: classes }, (_, i) => `scorer ${i}`),
      channels,
      height: side,
      width: side,
      train: await draw('train', train),
      test: await draw('test', test),
    }
    const seconds =
      clock === undefined || startedAt === undefined ? '' : ` in ${(clock.now() - startedAt).toFixed(1)} s`
    onProgress?.(1, `${name} made${seconds}`)
    return images
  })
  // A cache has bytes only; the scale is added here.
  return { ...made, scale: noiseScale }
}

/** Never TensorFlow, which may compute products with 10 bits of precision on a GPU. */
async function scoringEngine(): Promise<Engine> {
  return loadEngine('native').catch(() => loadEngine('wasm'))
}
