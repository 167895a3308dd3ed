import { ConfigError } from '../platform/errors.js'
import { loadCifar10 } from './cifar10.js'
import { loadCifar100 } from './cifar100.js'
import { loadFashionMnist } from './fashion-mnist.js'
import { loadImagenet16 } from './imagenet16.js'
import type { RawImagesLoader } from './raw-images.js'
import { loadSyntheticCifar10 } from './synthetic/synthetic-cifar10.js'

const loaders = {
  'fashion-mnist': { load: loadFashionMnist, path: null },
  cifar10: { load: loadCifar10, path: 'the archive cifar-10-binary.tar.gz, or the folder unpacked from it' },
  cifar100: { load: loadCifar100, path: 'the archive cifar-100-binary.tar.gz, or the folder unpacked from it' },
  'imagenet16-120': { load: loadImagenet16, path: 'the folder ImageNet16, or an archive of it' },
  'synthetic-cifar10': { load: loadSyntheticCifar10, path: null },
} as const satisfies Readonly<Record<string, { readonly load: RawImagesLoader; readonly path: string | null }>>

export type DatasetName = keyof typeof loaders

/** The names by which a configuration chooses a data set. */
export const datasetNames = Object.keys(loaders) as readonly DatasetName[]

/** What `data.path` must name for this data set; null where it is not needed. */
export function neededPath(name: DatasetName): string | null {
  return loaders[name].path
}

/**
 * The reader of the data set called `name`.
 *
 * @throws ConfigError that lists the names there are.
 */
export function rawImagesLoader(name: string): RawImagesLoader {
  const known = datasetNames.find((candidate) => candidate === name)
  if (known !== undefined) return loaders[known].load
  throw new ConfigError(`There is no data set "${name}" (data sets: ${datasetNames.join(', ')}).`)
}
