import { ConfigError } from '../platform/errors.js'
import { loadArrays } from './arrays/load-arrays.js'
import { loadCifar10 } from './cifar10.js'
import { loadCifar100 } from './cifar100.js'
import type { DatasetRequest } from './dataset-request.js'
import { loadFashionMnist } from './fashion-mnist.js'
import { loadFolders } from './folders/load-folders.js'
import { loadImagenet16 } from './imagenet16.js'
import { loadMnist } from './mnist.js'
import { ownLoader } from './own-dataset.js'
import { loadParquet } from './parquet/load-parquet.js'
import type { RawImagesLoader } from './raw-images.js'
import { loadSyntheticCifar10 } from './synthetic/synthetic-cifar10.js'
import { refuseUnread } from './unread/unread.js'

interface KnownDataset {
  readonly load: RawImagesLoader
  /** What `data.path` must name; null if it is not needed. */
  readonly path: string | null
  /** The settings that only some data sets have. */
  readonly settings: readonly OwnSetting[]
}

/** Settings of a user's own files. */
export const ownSettings = ['channels', 'labels', 'layout', 'splits', 'testShare'] as const
export type OwnSetting = (typeof ownSettings)[number]

const loaders = {
  'fashion-mnist': { load: ({ path }, hooks) => loadFashionMnist(path, hooks), path: null, settings: [] },
  mnist: {
    load: ({ path }, hooks) => loadMnist(path, hooks),
    path: 'the folder of train-images-idx3-ubyte and the three other files',
    settings: [],
  },
  cifar10: {
    load: ({ path }, hooks) => loadCifar10(path, hooks),
    path: 'the archive cifar-10-binary.tar.gz, or the folder unpacked from it',
    settings: [],
  },
  cifar100: {
    load: ({ path }, hooks) => loadCifar100(path, hooks),
    path: 'the archive cifar-100-binary.tar.gz, or the folder unpacked from it',
    settings: [],
  },
  'imagenet16-120': {
    load: ({ path }, hooks) => loadImagenet16(path, hooks),
    path: 'the folder ImageNet16, or an archive of it',
    settings: [],
  },
  'synthetic-cifar10': {
    load: (request, hooks) => loadSyntheticCifar10(request, hooks),
    path: null,
    settings: [],
  },
  arrays: {
    load: (request, hooks) => loadArrays(request.path, hooks, request),
    path: 'an .npz file with images and labels, a folder of images.npy and labels.npy, or a table of pixels (.csv)',
    settings: ['layout', 'testShare'],
  },
  folders: {
    load: (request, hooks) => loadFolders(request.path, hooks, request),
    path: 'a folder of class folders of images, or of train and test with those in them, or a ZIP or tar archive of it',
    settings: ['channels', 'labels', 'splits', 'testShare'],
  },
  parquet: {
    load: (request, hooks) => loadParquet(request.path, hooks, request),
    path: 'a .parquet file of images and labels, or a folder of them',
    settings: ['channels', 'labels', 'testShare'],
  },
} as const satisfies Readonly<Record<string, KnownDataset>>

export type DatasetName = keyof typeof loaders

/** The names by which a configuration chooses a data set. */
export const datasetNames = Object.keys(loaders) as readonly DatasetName[]

/** What `data.path` must name for this data set; null if it is not needed. */
export function neededPath(name: DatasetName): string | null {
  return loaders[name].path
}

/** Which of the settings of a user's own files this data set has. */
export function settingsOf(name: DatasetName): readonly OwnSetting[] {
  return loaders[name].settings
}

/**
 * What loads the data set that `options` name.
 *
 * @throws ConfigError that lists the valid names.
 */
export function rawImagesLoader(options: Pick<DatasetRequest, 'name' | 'module' | 'value'>): RawImagesLoader {
  const own = ownLoader(options)
  if (own !== null) return own
  const { name } = options
  const known = datasetNames.find((candidate) => candidate === name)
  if (known !== undefined) return readable(loaders[known].load)
  throw new ConfigError(`There is no data set "${name}" (data sets: ${datasetNames.join(', ')}).`)
}

/** A loader that first refuses data in a format that is not read, unless settings say how to read the folder. */
function readable(load: RawImagesLoader): RawImagesLoader {
  return async (request, hooks) => {
    const { labels, path, splits } = request
    if (path !== undefined && labels === undefined && splits === undefined) await refuseUnread(path)
    return load(request, hooks)
  }
}
