import { ConfigError } from '../platform/errors.js'
import { loadCifar10 } from './cifar10.js'
import { loadFashionMnist } from './fashion-mnist.js'
import type { RawImagesLoader } from './raw-images.js'

const loaders = {
  'fashion-mnist': loadFashionMnist,
  cifar10: loadCifar10,
} satisfies Readonly<Record<string, RawImagesLoader>>

export type DatasetName = keyof typeof loaders

/** The names by which a configuration chooses a data set. */
export const datasetNames = Object.keys(loaders) as readonly DatasetName[]

/**
 * The reader of the data set called `name`.
 *
 * @throws ConfigError that lists the names there are.
 */
export function rawImagesLoader(name: string): RawImagesLoader {
  const known = datasetNames.find((candidate) => candidate === name)
  if (known !== undefined) return loaders[known]
  throw new ConfigError(`There is no data set "${name}" (data sets: ${datasetNames.join(', ')}).`)
}
